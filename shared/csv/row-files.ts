import { bounds } from "../bounds.ts";
import type { SendFile } from "../enswitch/verdict.ts";
import { folders } from "../ports/bucket-layout.ts";
import { quoted } from "../shorten.ts";
import type { FileColumns } from "./columns.ts";
import { type Invalid, invalid } from "./problem.ts";
import { spoiltBy } from "./spoilt-cell.ts";

/** A row's files in their order, or why the row cannot be sent. */
export type RowFiles = { readonly kind: "files"; readonly files: readonly SendFile[] } | Invalid;

/** What is known of an object under `attachments/`: its size in bytes and its version, where the storage keeps versions. */
export interface FoundAttachment {
  readonly size: number;
  readonly version?: string;
}

/** An object under `attachments/`; undefined when there isn't one; `"unjudged"` where nobody can look. */
export type FindAttachment = (key: string) => FoundAttachment | "unjudged" | undefined;

/** The object a cell names, with or without the prefix; undefined for an empty cell, `""` for what cannot be such a name. */
export function attachmentKey(cell: string): string | undefined {
  const text = cell.trim();
  const name = text.startsWith(folders.attachments) ? text.slice(folders.attachments.length) : text;
  if (name === "") return undefined;
  return name.includes("\\") || /(^|\/)\.{0,2}(\/|$)/.test(name) ? "" : `${folders.attachments}${name}`;
}

/** Judges a row's files by its cells. */
export function readFiles(columns: readonly FileColumns[], cells: readonly string[], find: FindAttachment): RowFiles {
  const files: SendFile[] = [];
  let inline = 0;
  let attached = 0;
  for (const { number, file, filename, attachment } of columns) {
    const base64 = text(cells, file);
    const name = text(cells, filename);
    const object = text(cells, attachment);
    if (name.length > bounds.fileName) {
      return invalid(`The filename${number} is longer than ${bounds.fileName} characters`, quoted(name));
    }
    if (base64 !== "" && object !== "") {
      return invalid(`The row has both a file${number} and an attachment${number}; leave one of them empty`);
    }
    if (base64 !== "") {
      const compact = base64.replace(/\s+/g, "");
      inline += compact.length;
      if (inline > bounds.inlineFiles) {
        return invalid(
          `The files in the row's cells are larger than 24 KiB; put them under attachments/ and name them in a column attachment${number}`,
        );
      }
      if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact)) {
        return invalid(`The cell file${number} is not base64`, quoted(compact));
      }
      if (name === "") return invalid(`The row has a file${number} but no filename${number}`);
      if (spoiltBy(name) !== undefined) return spoiltName(number, name);
      files.push({ filename: name, base64: compact });
    } else if (object !== "") {
      const key = attachmentKey(object);
      const found = key === undefined || key === "" ? undefined : find(key);
      if (key === undefined || found === undefined) {
        return invalid("There is no such object under attachments/", quoted(object, 60));
      }
      if (spoiltBy(object) !== undefined || spoiltBy(name) !== undefined) return spoiltName(number, object);
      attached += found === "unjudged" ? 0 : found.size;
      if (attached > bounds.attachmentBytes) {
        return invalid(
          "The row's attachments are larger than 1 MiB together, which is more than carriers take in a message",
          quoted(object, 60),
        );
      }
      const filename = name || key.slice(key.lastIndexOf("/") + 1);
      const { version } = found === "unjudged" ? { version: undefined } : found;
      files.push(version === undefined ? { filename, attachment: key } : { filename, attachment: key, version });
    } else if (name !== "") return invalid(`The row has a filename${number} but no file`, quoted(name, 60));
  }
  return { kind: "files", files };
}

const spoiltName = (number: number, name: string) =>
  invalid(`A spreadsheet's error or formula stands in place of the name of file ${number}`, quoted(name, 60));

const text = (cells: readonly string[], at: number | undefined) => (at === undefined ? "" : (cells[at] ?? "").trim());
