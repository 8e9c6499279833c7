import { readFileSync } from "node:fs";
import type { RolldownPluginOption } from "rolldown";
import sbom from "rollup-plugin-sbom";
import * as z from "zod";

/** The list of the packages of one bundle. */
export interface BillOfMaterials {
  /** Notes the packages of the bundle that it takes part in. */
  readonly plugin: () => RolldownPluginOption;
  /** The list, as JSON of CycloneDX: the same for the same sources. Throws before the bundle is made. */
  readonly text: () => string;
}

/** How the names of such lists end, as programs that read them expect. */
export const billSuffix = ".cdx.json";

const Version = z.object({ name: z.string(), version: z.string() });
const Bill = z.looseObject({ metadata: z.looseObject({}) });

/** Where the plugin puts its file, which nobody is to find there. */
const given = "bill-of-materials";

/** Starts the list of the packages in a bundle, which is described in it by `what`. */
export function createBillOfMaterials(what: string): BillOfMaterials {
  let bill: z.infer<typeof Bill> | undefined;
  return {
    plugin: () => [
      // It would look for the project, and for every bundler that it knows, in the folder in which a command happens to be given.
      sbom({ outDir: ".", outFilename: given, saveTimestamp: false, includeWellKnown: false, autodetect: false }),
      {
        name: "bill-of-materials",
        onLog: (_level, { message }) => (/auto-registration of tool/.test(message) ? false : null),
        generateBundle: (_options, files) => {
          const file = files[`${given}.json`];
          if (file?.type === "asset") bill = Bill.parse(JSON.parse(String(file.source)));
          delete files[`${given}.json`];
        },
      },
    ],
    text: () => {
      if (bill === undefined) throw new Error(`The bundler made no bill of materials of ${what}.`);
      const { tools: _, ...metadata } = bill.metadata;
      const { name, version } = Version.parse(
        JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")),
      );
      const component = { type: "application", name, version, description: what };
      return `${JSON.stringify({ ...bill, metadata: { ...metadata, component } }, undefined, 1)}\n`;
    },
  };
}
