import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";
import type { RolldownPluginOption } from "rolldown";
import * as z from "zod";

/** The exports of a module of data, by name. */
const Exports = z.record(z.string().regex(/^[\w$]+$/u), z.json());

const unpacked = `import { brotliDecompressSync } from "node:zlib";
const unpacked = (text) => JSON.parse(brotliDecompressSync(Buffer.from(text, "base64")).toString());`;

/**
 * Bundles modules that only export JSON values as compressed text of less than half the size. It is unpacked when the
 * function starts, which takes a few milliseconds, about as long as compiling the data as a program.
 */
export const packed = (modules: RegExp[]): RolldownPluginOption => ({
  name: "packed",
  load: {
    filter: { id: modules },
    handler: async (id) => {
      const values = Exports.parse({ ...(await import(pathToFileURL(id).href)) });
      const names = Object.entries(values).map(([name, value]) => {
        const text = brotliCompressSync(JSON.stringify(value)).toString("base64");
        // Marked as pure, so that unused exports are left out.
        return `${name === "default" ? "export default" : `export const ${name} =`} /* @__PURE__ */ unpacked("${text}");`;
      });
      return { code: [unpacked, ...names].join("\n"), moduleType: "js" };
    },
  },
});
