import type { z } from "zod";
import { bounds } from "../bounds.ts";
import { Options, UploadedOptions } from "../campaign/options.ts";
import { counted } from "../in-words.ts";
import { nearName } from "../near-name.ts";
import { readJson } from "../read-json.ts";
import { repeatedKey } from "../repeated-key.ts";
import { quoted } from "../shorten.ts";
import { utf8Length } from "../utf8-length.ts";
import { jsonFault, jsonFaultCause } from "./json-fault.ts";
import { optionMeant } from "./option-meant.ts";
import { type RefusedFile, refused } from "./refused-file.ts";
import { type SenderFault, senderFault } from "./sender-fault.ts";

/** A campaign's options, or one sentence saying what to change in the file. */
export type ReadOptions = { readonly kind: "options"; readonly options: Options } | RefusedFile;

/** Why options larger than `bounds.optionsBytes` are refused, without reading them. */
export const optionsTooLarge: RefusedFile = refused(
  "The options are larger than 256 KiB, which is too large for options. Upload the JSON that belongs to the CSV.",
);

/** Reads a campaign's JSON. Unknown options are refused by name. */
export function readOptions(text: string): ReadOptions {
  if (utf8Length(text) > bounds.optionsBytes) return optionsTooLarge;
  const source = text.replace(/^\ufeff+/, "");
  if (source.trim() === "") return refused("The options are empty. Write at least {}, or leave the file out.");
  const value = readJson(source);
  if (value === undefined) {
    const { line, column } = jsonFault(source);
    const cause = jsonFaultCause(source);
    return refused(
      `The options are not valid JSON: look at line ${line}, character ${column}.${cause === undefined ? "" : ` ${cause}`}`,
    );
  }
  const twice = repeatedKey(source);
  if (twice !== undefined) {
    return refused(`The options have ${quoted(twice, 40)} twice. Remove the one that is not meant.`);
  }
  const place = records.find((path) => namesPrototype(at(value, path)))?.join(".");
  if (place !== undefined) return refused(`The options have an unknown key in "${place}": "__proto__".`);
  const parsed = UploadedOptions.safeParse(value);
  if (!parsed.success) return refused(sentence(parsed.error, value));
  const options = parsed.data;
  const { sendAfter = "", sendBefore = "" } = options;
  // Where there is none, neither is true.
  if (Date.parse(sendBefore) <= Date.parse(sendAfter)) {
    return refused(
      'The option "sendBefore" is not after "sendAfter", so that nothing could ever be sent. Correct one of them.',
    );
  }
  const sender = options.snumber ?? "";
  const fault = sender.trim() === "" ? undefined : senderFault(sender);
  if (fault !== undefined) return refused(`The option "snumber" ${senderWords[fault]}: ${quoted(sender, 40)}.`);
  return { kind: "options", options };
}

/** Options whose names are the list's own, or days: a record of zod's leaves "__proto__" out without a word. */
const records = [["columns"], ["window", "hours"]];

const namesPrototype = (value: unknown) =>
  typeof value === "object" && value !== null && Object.hasOwn(value, "__proto__");

const senderWords: Readonly<Record<SenderFault, string>> = {
  error: "has a spreadsheet's error in place of the number to send from",
  formula: "has a spreadsheet's formula in place of the number to send from",
  nothing: "has a word for nothing in place of the number to send from; leave it out if the stack's is meant",
  "no-sender": "is not a number, line or name to send from",
};

/** Most unknown options that a refusal names. */
const keysShown = 10;

function sentence(error: z.ZodError, value: unknown): string {
  // A misspelt name is also a missing one: the name is the thing to say.
  const issue = error.issues.find(({ code }) => code === "unrecognized_keys") ?? error.issues[0];
  if (issue === undefined) return "The options cannot be read.";
  const place = issue.path.map(String).join(".");
  switch (issue.code) {
    case "unrecognized_keys": {
      const more = issue.keys.length - keysShown;
      const names = [
        ...issue.keys.slice(0, keysShown).map((key) => quoted(key, 40)),
        ...(more > 0 ? [`and ${counted(more, "other")}`] : []),
      ].join(", ");
      const known = knownKeys(place);
      const where = place === "" ? "" : ` in "${place}"`;
      const advice = adviceFor(issue.keys, place, known);
      return `The options have ${issue.keys.length === 1 ? "an unknown key" : "unknown keys"}${where}: ${names}.${advice}`;
    }
    case "invalid_type":
      return place === ""
        ? 'The options must be one JSON object, such as {"message": "Hello"}.'
        : at(value, issue.path) === undefined
          ? `The option "${place}" is missing.`
          : `The option "${place}" must be ${article(issue.expected)}.`;
    case "invalid_value":
      return `The option "${place}" must be ${issue.values.map((allowed) => JSON.stringify(allowed)).join(" or ")}.`;
    case "too_small":
      if (issue.origin === "array") return `The option "${place}" must have at least ${entries(issue.minimum)}.`;
      return `The option "${place}" is too small: it must be ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}.`;
    case "too_big":
      if (issue.origin === "string") return `The option "${place}" is longer than ${issue.maximum} characters.`;
      if (issue.origin === "array") return `The option "${place}" must have at most ${entries(issue.maximum)}.`;
      return `The option "${place}" is too large: it must be ${issue.inclusive ? "at most" : "less than"} ${issue.maximum}.`;
    case "invalid_union":
    case "invalid_format":
      return place === "customer"
        ? 'The option "customer" must be a customer\'s number in Enswitch, such as 1234.'
        : `The option "${place}" must be ${issue.message}.`;
    default:
      return `The option "${place}" must be ${issue.message}.`;
  }
}

const entries = (count: number | bigint) => `${count} ${count === 1 ? "entry" : "entries"}`;

function adviceFor(keys: readonly string[], place: string, known: readonly string[]): string {
  const [key] = keys;
  const meant = place === "" ? keys.slice(0, keysShown).flatMap((name) => optionMeant(name) ?? []) : [];
  if (meant.length > 0) return ` ${meant.join(" ")}`;
  const near = keys.length === 1 && key !== undefined ? nearName(key, known) : undefined;
  return near === undefined ? ` Known are ${known.join(", ")}.` : ` Did you mean "${near}"?`;
}

const article = (expected: string) =>
  ({
    string: "a text in quotation marks",
    number: "a number",
    int: "a whole number",
    object: "an object { … }",
    record: "an object { … }",
    array: "a list [ … ]",
  })[expected] ?? `of type ${expected}`;

function knownKeys(place: string): readonly string[] {
  if (place === "window.hours") return ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
  if (place.startsWith("window.hours.")) return ["from", "to"];
  const nested =
    place === "window"
      ? Options.shape.window
      : place === "stopAfterFailures"
        ? Options.shape.stopAfterFailures
        : place === "skipWhere"
          ? Options.shape.skipWhere
          : undefined;
  return Object.keys((nested === undefined ? Options : nested.unwrap()).shape);
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}
