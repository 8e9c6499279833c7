import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RolldownPluginOption } from "rolldown";
import { createRollupLicensePlugin, type LicenseMeta } from "rollup-license-plugin";

/** Collects the licences of what is bundled, over the files of one function or of the page. */
export interface ThirdPartyNotices {
  /** Notes the packages of a bundle that it takes part in. */
  readonly plugin: () => RolldownPluginOption;
  /** The notices: each licence text once, under the packages that come with it. */
  readonly text: () => string;
}

/** Data in modules of ours that others collected. */
const collected = [
  {
    module: /[\\/]phone-zones\.ts$/,
    name: "libphonenumber, time zones of numbers, Copyright The Libphonenumber Authors",
    repository: "https://github.com/google/libphonenumber",
    license: "Apache-2.0",
    /** The text of that licence, from a package that comes with it. */
    text: "../node_modules/typescript/LICENSE",
  },
] as const;

/** The file beside a function's bundle that names what others wrote, as their licences ask. */
export const noticesFile = "THIRD-PARTY-NOTICES.txt";

/** Starts collecting. */
export function createThirdPartyNotices(): ThirdPartyNotices {
  const packages = new Map<string, LicenseMeta>();
  const note = (found: readonly LicenseMeta[]) => {
    for (const meta of found) packages.set(`${meta.name} ${meta.version}`, meta);
    return "";
  };
  return {
    plugin: () => [
      createRollupLicensePlugin({ outputFilename: false, additionalFiles: { noted: note } }),
      ...collected.map(({ module, name, repository, license, text }) => ({
        name: "collected-data",
        transform: {
          filter: { id: module },
          handler: () => {
            const licenseText = readFileSync(fileURLToPath(new URL(text, import.meta.url)), "utf8");
            packages.set(name, { name, version: "", license, licenseText, repository, author: "", source: "" });
            return null;
          },
        },
      })),
    ],
    text: () => {
      const named = [...packages].toSorted(([a], [b]) => (a < b ? -1 : 1));
      const byText = Map.groupBy(named, ([, { licenseText, license }]) => licenseText || `License: ${license}\n`);
      const sections = [...byText].map(([text, those]) => {
        const lines = those.map(([name, { license, repository }]) => `${name} (${license}) ${repository ?? ""}`.trim());
        return `${lines.join("\n")}\n\n${text.trim()}\n`;
      });
      return `What is beside this file contains the following packages.\n\n${sections.join(`\n${"-".repeat(80)}\n\n`)}`;
    },
  };
}
