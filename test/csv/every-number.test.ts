import { type CountryCode, getCountries, parsePhoneNumberWithError } from "libphonenumber-js/max";
import metadata from "libphonenumber-js/metadata.max.json";
import examples from "libphonenumber-js/mobile/examples";
import { expect, test } from "vitest";
import type { ReadNumber } from "../../shared/csv/destination.ts";
import { createNumberReader } from "../../shared/csv/phone-number.ts";
import { dialledWithin, planOf } from "../../shared/numbering-plan.ts";
import { sampleOf } from "./sample-of-pattern.ts";

const readers = new Map<string | undefined, ReadNumber>();
function readerOf(country: string | undefined): ReadNumber {
  const known = readers.get(country);
  if (known !== undefined) return known;
  const reader = createNumberReader(undefined, country);
  if (reader.kind === "refused") throw new Error(reader.reason);
  readers.set(country, reader.read);
  return reader.read;
}

/** A mobile and a fixed-line number of every country, as libphonenumber-js parses them. */
function numbersOf(country: CountryCode, samples: number) {
  let state = country.charCodeAt(0) * 256 + country.charCodeAt(1);
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const code = metadata.countries[country]?.[0];
  const kinds: readonly unknown[] = metadata.countries[country]?.[11] ?? [];
  const patterns = kinds.slice(0, 2).flatMap((kind) => (Array.isArray(kind) && kind[0] ? [String(kind[0])] : []));
  const sampled = patterns.flatMap((pattern) => Array.from({ length: samples }, () => sampleOf(pattern, random)));
  return [examples[country], ...sampled].flatMap((national) => {
    const phone = parsePhoneNumberWithError(`+${code}${national}`);
    return phone.isValid() && phone.country === country ? [phone] : [];
  });
}

/** Ways of writing what is around or between a number's digits, none of which changes it. */
const around: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "an apostrophe": (text) => `'${text}`,
  "a formula": (text) => `="${text}"`,
  "marks around": (text) => `\u202a${text}\u202c`,
  "marks within": (text) => `${text.slice(0, 3)}\u2060${text.slice(3)}\ufe0f`,
  "odd blanks": (text) => `\u00a0${text.replaceAll(" ", "\u202f")}\t`,
  "odd hyphens": (text) => text.replaceAll(" ", "\u2011"),
  dots: (text) => text.replaceAll(" ", "."),
  dashes: (text) => text.replaceAll(" ", "-"),
  "spaced dashes": (text) => text.replaceAll(" ", " - "),
  apostrophes: (text) => text.replaceAll(" ", "'"),
  commas: (text) => text.replaceAll(" ", ","),
  slashes: (text) => text.replaceAll(" ", "/"),
  "a slash": (text) => text.replace(" ", "/"),
  "fullwidth digits": (text) => text.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
  "a link": (text) => `tel:${text}`,
  "a remark in brackets": (text) => `${text} (1)`,
  "a remark behind a dash": (text) => `${text} - 3`,
  "a remark": (text) => `${text} 4`,
  "a long remark": (text) => `${text} 12`,
  "a suffix": (text) => `${text}/57`,
  "an extension": (text) => `${text} ext. 12`,
  "an extension in a link": (text) => `tel:${text};ext=12`,
};

/** What a spreadsheet makes of digits that it takes for a quantity. */
const quantities: Readonly<Record<string, (digits: string) => string>> = {
  "as it is": (digits) => digits,
  "a decimal place": (digits) => `${digits}.0`,
  "scientific notation": (digits) => `${digits[0]}.${digits.slice(1)}E+${digits.length - 1}`,
  "exact scientific notation": (digits) =>
    `${`${digits[0]}.${digits.slice(1)}`.replace(/\.?0+$/, "")}E+${digits.length - 1}`,
  "thousands in Switzerland": (digits) => digits.replace(/\B(?=(\d{3})+$)/g, "’"),
  "thousands in India": (digits) => digits.replace(/\B(?=(?:\d\d)*\d{3}$)/g, ","),
  thousands: (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ","),
};

/** Whether digits without a plus sign are what is dialled in `home` for the number that was read, but for a mobile's leading zero. */
function isDialledAt(home: string | undefined, identity: string, digits: string): boolean {
  const plan = planOf(home ?? "");
  if (plan === undefined || !identity.startsWith(`+${plan.callingCode}`)) return false;
  const national = identity.slice(plan.callingCode.length + 1);
  return dialledWithin(plan, national) === digits || (national === digits && plan.isMobile(national));
}

test("a number of any country, written in any way, is read as itself or is invalid", () => {
  const counts = { read: 0, refused: 0, atHome: 0 };
  const wrong: { way: string; found: string }[] = [];
  const look = (way: string, cell: string, home: string | undefined, number: string, trunk = "") => {
    const found = readerOf(home)(cell);
    if (found.kind === "invalid") {
      counts.refused++;
      return;
    }
    // Without a country nothing is known but the digits, which are handed on as they are.
    const right = [number, home === undefined ? found.identity.replace(/\D/g, "") === trunk && found.identity : ""];
    if (right.includes(found.identity)) counts.read++;
    else if (way.startsWith("no plus") && isDialledAt(home, found.identity, number.slice(1))) counts.atHome++;
    else
      wrong.push({
        way,
        found: `${home ?? "no country"}: ${JSON.stringify(cell)} is ${number}, read as ${found.identity}`,
      });
  };
  const countries = getCountries();
  for (const [at, country] of countries.entries()) {
    for (const phone of numbersOf(country, Number(process.env["SAMPLES"] ?? 1))) {
      const { number, countryCallingCode: code } = phone;
      const international = phone.formatInternational();
      const national = phone.formatNational();
      const zero = `+${code} (0) ${international.slice(code.length + 2)}`;
      const abroad = [
        undefined,
        country,
        ["US", "GB", "DE", "AT", "IT", "ID"][at % 6],
        countries[(at * 7 + 3) % countries.length],
      ];
      for (const [way, write] of Object.entries(around)) {
        for (const home of abroad) {
          for (const text of [number, international, `00${number.slice(1)}`, `00 ${international.slice(1)}`, zero]) {
            look(
              `${text === zero ? "a zero in brackets and " : ""}${way}`,
              write(text),
              home,
              number,
              `00${number.slice(1)}`,
            );
          }
          for (const text of [number.slice(1), international.slice(1)]) {
            look(`no plus and ${way}`, write(text), home, number, number.slice(1));
          }
        }
        for (const text of [national, national.replace(/\D/g, ""), phone.nationalNumber]) {
          look(`national and ${way}`, write(text), country, number);
        }
      }
      for (const [way, write] of Object.entries(quantities)) {
        for (const home of abroad) look(`no plus and ${way}`, write(number.slice(1)), home, number, number.slice(1));
        look(`national and ${way}`, write(phone.nationalNumber.replace(/^0+/, "")), country, number);
      }
    }
  }
  process.stdout.write(
    `Numbers of ${countries.length} countries: ${counts.read} read, ${counts.refused} refused, ${counts.atHome} of another country taken for what they are at home, ${wrong.length} wrong.\n`,
  );
  expect(wrong.slice(0, 40)).toEqual([]);
}, 300_000);
