import type { RolldownPluginOption } from "rolldown";

const id = "\0node:http";

/**
 * Has bundled modules require `node:http` where they import it. An import of a module of Node's reads all that it exports, and
 * reading what this one exports of WebSockets, which nothing here uses, loads a second HTTP client: a tenth of the processor
 * time between the command and the first call, because every function and thread does it.
 */
export const lightHttp: RolldownPluginOption = {
  name: "light-http",
  resolveId: {
    filter: { id: /^(?:node:)?http$/u },
    handler: (_, __, { kind }) => (kind === "require-call" ? null : { id }),
  },
  load: {
    filter: { id: new RegExp(`^${id}$`, "u") },
    handler: () => ({ code: `module.exports = process.getBuiltinModule("node:http");`, moduleType: "js" }),
  },
};
