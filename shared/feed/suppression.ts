import { parse } from "csv-parse";
import parsePhoneNumber, { type CountryCode, getCountryCallingCode, isSupportedCountry } from "libphonenumber-js";
import type { Bucket } from "../ports/bucket.ts";
import { folders } from "../ports/bucket-layout.ts";

/** The numbers never to send to, as the lists under `suppression/` have them now. */
export type Suppressions =
  | {
      readonly kind: "lists";
      /** Why a row's number is not sent to, in words that name the list; `undefined` when it may be. */
      readonly detail: (cnumber: string, country: string | undefined) => string | undefined;
    }
  | { readonly kind: "unreadable"; readonly reason: string };

/**
 * Reads the suppression lists: the first column of every `suppression/*.csv`, as E.164 where the campaign's country is
 * known and as bare digits otherwise. A list that has not changed since the last reading is not read again. A list
 * that cannot be read stops the feed: sending without it could reach somebody who asked not to be.
 */
export function createSuppressions(bucket: Bucket): () => Promise<Suppressions> {
  const cache = new Map<string, { stamp: string; numbers: ReadonlySet<string> }>();

  return async () => {
    const lists: { key: string; numbers: ReadonlySet<string> }[] = [];
    for await (const { key, size, modifiedAt } of bucket.list(folders.suppression)) {
      if (!key.toLowerCase().endsWith(".csv")) continue;
      const stamp = `${size} ${modifiedAt}`;
      const known = cache.get(key);
      if (known?.stamp === stamp) {
        lists.push({ key, numbers: known.numbers });
        continue;
      }
      try {
        const numbers = await readNumbers(bucket, key);
        cache.set(key, { stamp, numbers });
        lists.push({ key, numbers });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return {
          kind: "unreadable",
          reason: `The suppression list ${key} cannot be read (${why}). Fix or remove it, then resume.`,
        };
      }
    }
    return { kind: "lists", detail: (cnumber, country) => suppressedBy(lists, cnumber, country) };
  };
}

/** The forms of one number that a list may have it in: its digits, and E.164 where a country makes that possible. */
export function numberForms(number: string, country: string | undefined): readonly string[] {
  const bare = number.replace(/[^\d+]/gu, "").replace(/^00/u, "+");
  const digits = bare.replace(/\D/gu, "");
  const known = country !== undefined && isSupportedCountry(country);
  const parsed = parsePhoneNumber(number, known ? (country satisfies CountryCode) : undefined);
  return parsed === undefined ? [digits] : [digits, parsed.number];
}

function suppressedBy(
  lists: readonly { key: string; numbers: ReadonlySet<string> }[],
  cnumber: string,
  country: string | undefined,
): string | undefined {
  if (lists.length === 0) return undefined;
  const forms = [...numberForms(cnumber, country), ...nationalForms(cnumber, country)];
  const list = lists.find(({ numbers }) => forms.some((form) => numbers.has(form)));
  return list === undefined ? undefined : `on the suppression list ${list.key}`;
}

/**
 * A list may hold national numbers of the campaign's own country: their digits, and those without the leading zero that
 * spreadsheets take away. Countries that share a calling code (GB and Jersey, say) also share these forms.
 */
function nationalForms(cnumber: string, country: string | undefined): readonly string[] {
  if (country === undefined || !isSupportedCountry(country)) return [];
  const parsed = parsePhoneNumber(cnumber, country);
  if (parsed === undefined || parsed.countryCallingCode !== getCountryCallingCode(country)) return [];
  return [parsed.formatNational().replace(/\D/gu, ""), parsed.nationalNumber];
}

async function readNumbers(bucket: Bucket, key: string): Promise<ReadonlySet<string>> {
  const object = await bucket.get(key);
  if (object === undefined) return new Set();
  const numbers = new Set<string>();
  const parser = parse({ bom: true, relax_column_count: true, skip_empty_lines: true, delimiter: [",", ";", "\t"] });
  const feeding = feed(object.body, parser);
  for await (const record of parser) {
    const [first] = record;
    if (typeof first !== "string" || !/\d/u.test(first)) continue;
    if (first.includes("\uFFFD")) throw new Error("it is not UTF-8");
    for (const form of numberForms(first.trim().replace(/^'/u, ""), undefined)) numbers.add(form);
  }
  await feeding;
  return numbers;
}

async function feed(body: AsyncIterable<Uint8Array>, parser: ReturnType<typeof parse>): Promise<void> {
  try {
    for await (const chunk of body) {
      if (!parser.write(chunk)) await new Promise((resolve) => parser.once("drain", resolve));
    }
    parser.end();
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}
