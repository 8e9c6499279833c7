// undici's index brings fetch, caches, WebSockets and more: half a megabyte to deploy, and none of it needed. The version
// is pinned; if these parts moved, nothing would load.
declare module "undici/lib/dispatcher/pool.js" {
  export { Pool as default } from "undici";
}
declare module "undici/lib/core/connect.js" {
  export { buildConnector as default } from "undici";
}
