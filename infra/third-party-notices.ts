import { readFileSync } from "node:fs";
import type { RolldownPluginOption } from "rolldown";
import { createRollupLicensePlugin, type LicenseMeta } from "rollup-license-plugin";

/** Collects the licences of what is bundled, over the files of one function or of the page. */
export interface ThirdPartyNotices {
  /** Notes the packages of a bundle that it takes part in. */
  readonly plugin: () => RolldownPluginOption;
  /** The notices: each licence text once, under the packages that come with it. */
  readonly text: () => string;
}

/** The text of Apache's licence, from a package that comes with it. */
const apache = "../node_modules/typescript/LICENSE";

/** Data in modules of ours that others collected. */
const collected = [
  {
    module: /[\\/]phone-zones\.ts$/,
    name: "libphonenumber, time zones of numbers, Copyright The Libphonenumber Authors",
    repository: "https://github.com/google/libphonenumber",
    license: "Apache-2.0",
  },
] as const;

/** Licences that do not ask for their own text. */
const withoutText: ReadonlySet<string> = new Set(["MIT-0", "0BSD", "Unlicense", "CC0-1.0"]);

/** The file beside a function's bundle that names what others wrote, as their licences ask. */
export const noticesFile = "THIRD-PARTY-NOTICES.txt";

/** The text of a licence for a package that comes without it. Throws where it asks for one that is not known here. */
function missingText({ name, license, author }: Pick<LicenseMeta, "name" | "license" | "author">): string {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
  if (license === "Apache-2.0") return read(apache);
  // This project's own licence, with another's name in it.
  if (license === "MIT" && author) return read("../LICENSE").replace(/^Copyright .*$/m, `Copyright (c) ${author}`);
  if (withoutText.has(license)) return `License: ${license}\n`;
  throw new Error(`${name} comes without the text of its licence, ${license}; infra/third-party-notices.ts needs it.`);
}

/** Starts collecting. */
export function createThirdPartyNotices(): ThirdPartyNotices {
  const packages = new Map<string, LicenseMeta>();
  const note = (found: readonly LicenseMeta[]) => {
    for (const meta of found) {
      packages.set(`${meta.name} ${meta.version}`, { ...meta, licenseText: meta.licenseText || missingText(meta) });
    }
    return "";
  };
  return {
    plugin: () => [
      createRollupLicensePlugin({ outputFilename: false, additionalFiles: { noted: note } }),
      ...collected.map(({ module, name, repository, license }) => ({
        name: "collected-data",
        transform: {
          filter: { id: module },
          handler: () => {
            const meta = { name, version: "", license, repository, author: "", source: "" };
            packages.set(name, { ...meta, licenseText: missingText(meta) });
            return null;
          },
        },
      })),
    ],
    text: () => {
      const named = [...packages].toSorted(([a], [b]) => (a < b ? -1 : 1));
      const byText = Map.groupBy(named, ([, { licenseText }]) => licenseText);
      const sections = [...byText].map(([text, those]) => {
        const lines = those.map(([name, { license, repository }]) => `${name} (${license}) ${repository ?? ""}`.trim());
        return `${lines.join("\n")}\n\n${text.trim()}\n`;
      });
      return `What is beside this file contains the following packages.\n\n${sections.join(`\n${"-".repeat(80)}\n\n`)}`;
    },
  };
}
