import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Options } from "../../shared/campaign/options.ts";

const names = ["Ada", "Bénédicte", "Çelik", "Dorothy", "Emeka", "Fiona", "Grzegorz", "Hannah"];
const towns = ["Bath", "Leeds", "York", "Truro", "Whitby", "Oban", "Derby", "Stroud"];
const header = '"Customer","Name","Mobile","Address","Town","Voucher","Balance"\r\n';

const record = (row: number): string => {
  const name = names[row % names.length];
  const town = towns[(row >> 3) % towns.length];
  // Quoted cells, some with a delimiter or a quotation mark, as a shop's software exports them.
  return (
    `"${1_000_000 + row}","${name} ""${row % 97}"" Smith-${row % 1009}","07${400_000_000 + row * 37}",` +
    `"Flat ${row % 40}, ${row % 200} High Street","${town}","SPRING-${String(row).padStart(8, "0")}","£${row % 500}.${row % 90}"\r\n`
  );
};

/** The options for such a list: a template, segments counted, duplicates detected, numbers left as they are. */
export const listOptions: Options = {
  message: "Hello {{Name}}, your voucher {{Voucher}} is waiting for you in {{Town}}. Reply STOP to opt out.",
  columns: { cnumber: "Mobile" },
  snumber: "01632960000",
};

/** Writes a campaign's CSV with this many rows of about 115 bytes, each with a different number. */
export async function writeList(file: string, rows: number): Promise<void> {
  function* pieces(): Generator<string> {
    let text = header;
    for (let row = 1; row <= rows; row++) {
      text += record(row);
      if (text.length > 256 * 1024) {
        yield text;
        text = "";
      }
    }
    yield text;
  }
  await pipeline(Readable.from(pieces()), createWriteStream(file));
}
