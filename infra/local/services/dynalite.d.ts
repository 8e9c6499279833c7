declare module "dynalite" {
  import type { Server } from "node:http";
  /** DynamoDB's HTTP interface over LevelDB in `path`. */
  export default function dynalite(options: { path?: string; createTableMs?: number }): Server;
}
