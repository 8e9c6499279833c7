// undici's index brings fetch, caches, WebSockets and more, of which nothing is needed and half a megabyte would be
// deployed. Its version is pinned; were the parts to move, nothing would load.
declare module "undici/lib/dispatcher/pool.js" {
  export { Pool as default } from "undici";
}
declare module "undici/lib/core/connect.js" {
  export { buildConnector as default } from "undici";
}
