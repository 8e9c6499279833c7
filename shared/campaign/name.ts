import { folders, type ListFormat, listFormatOf } from "../ports/bucket-layout.ts";
import { utf8Length } from "../utf8-length.ts";

/** What an uploaded object's key means. */
export type Upload =
  | { readonly kind: "campaign" | "check"; readonly name: string; readonly format: ListFormat }
  /** The options of the campaign or check of that name. */
  | { readonly kind: "options"; readonly of: "campaign" | "check"; readonly name: string }
  /** A folder marker of a console, or a key outside the two prefixes: nothing to do. */
  | { readonly kind: "nothing" }
  /** Nothing can be sent from it; one sentence says why. `name` is where the refusal is written. */
  | { readonly kind: "refused"; readonly name: string; readonly reason: string };

/** Keys under `reports/`, `work/` and the ledger add up to 60 bytes; S3 and DynamoDB allow 1,024 in a key. */
const longestName = 900;

/** Partition keys of the ledger that are not campaigns, and a prefix of reports that is not one either. */
const reserved = new Set(["campaigns", "account", "check"]);

/** Reads from an object's key (decoded) what was uploaded. Never throws. */
export function readUploadKey(key: string): Upload {
  const kind = key.startsWith(folders.campaigns) ? "campaign" : key.startsWith(folders.check) ? "check" : undefined;
  if (kind === undefined) return { kind: "nothing" };
  const path = inNfc(key.slice(folders[kind === "check" ? "check" : "campaigns"].length));
  if (path === "" || path.endsWith("/")) return { kind: "nothing" };
  const format = listFormatOf(path);
  const extension = format ?? /\.(json)$/iu.exec(path)?.[1];
  const name = extension === undefined ? path : path.slice(0, -(extension.length + 1));
  const fault = extension === undefined ? noCampaign(path) : nameFault(name);
  if (fault !== undefined) return { kind: "refused", name: safeName(name), reason: fault };
  return format === undefined ? { kind: "options", of: kind, name } : { kind, name, format };
}

/** A name as it is compared and kept: programs write an accented letter as one character or as two, and mean the same. */
export const inNfc = (name: string): string => name.normalize("NFC");

/** The forms under which a campaign may be found: the very name, as it is kept now, and as older versions kept what a Mac uploaded. */
export const formsOf = (name: string): ReadonlySet<string> => new Set([name, inNfc(name), name.normalize("NFD")]);

/** Why `name` cannot be a campaign's name, in one sentence; `undefined` when it can. */
export function nameFault(name: string): string | undefined {
  if (name === "" || name.endsWith("/")) {
    return "The file has no name before its ending; give it one, such as spring.csv.";
  }
  if (utf8Length(name) > longestName) {
    return `The name is longer than ${longestName} bytes; give the file a shorter one.`;
  }
  if (!name.isWellFormed() || /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\\]/u.test(name)) {
    return "The name has a backslash, a control character or one that turns the direction of writing; give the file a plain one.";
  }
  if (name.split("/").some((part) => part === "" || part === "." || part === "..")) {
    return 'The name has an empty part, "." or ".." between slashes; give the file a plain one.';
  }
  if (reserved.has(name) || name.startsWith(folders.check)) {
    return `"${name}" is a name that bulk-send uses itself; give the file another one.`;
  }
  return undefined;
}

const noCampaign = (path: string) =>
  `${path.split("/").at(-1)} is neither a list (.csv or .xlsx) nor the .json file with a campaign's options; save the list as an Excel workbook (.xlsx) or as CSV, and upload that.`;

/** A name under which a refusal can be written even if the upload's own cannot be used. */
const safeName = (name: string) => {
  if (nameFault(name) === undefined) return name;
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(".", "%2E").slice(0, 200);
  return `refused/${encoded === "" ? "unnamed" : encoded}`;
};
