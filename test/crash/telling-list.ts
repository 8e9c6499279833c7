import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A list on disk whose every row has a text of its own, so that each call tells which row it was. */
export interface TellingList {
  readonly name: string;
  readonly csv: string;
  /** The rows' texts, in order. */
  readonly texts: readonly string[];
  /** How many of its rows nobody would accept. */
  readonly odd: number;
}

/** Some rows in a hundred are refused by the plan, and some by the simulated Enswitch. */
const oddities: Readonly<Record<number, (row: number) => string>> = {
  17: () => "nonsense",
  42: (row) => `+999${numberOf(row)}`,
  77: () => "",
};

/** Writes a list of `rows` rows and its options into `directory`. */
export async function writeTellingList(directory: string, name: string, rows: number): Promise<TellingList> {
  const texts: string[] = [];
  const lines = ["mobile,message"];
  let odd = 0;
  for (let row = 1; row <= rows; row++) {
    const text = `Row ${row} of ${name}: your parcel is on its way`;
    texts.push(text);
    const oddity = oddities[row % 100]?.(row);
    if (oddity !== undefined) odd++;
    lines.push(`${oddity ?? `+44${numberOf(row)}`},${text}`);
  }
  const csv = join(directory, `${name}.csv`);
  await writeFile(csv, `${lines.join("\n")}\n`);
  await writeFile(join(directory, `${name}.json`), JSON.stringify({ snumber: "01632960000", numberFormat: "as-is" }));
  return { name, csv, texts, odd };
}

const numberOf = (row: number) => `79${String(row).padStart(8, "0")}`;
