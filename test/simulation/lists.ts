import type { Content, PlannedCampaign } from "./scenario.ts";

/**
 * The list of a campaign (by index) as a person has it in a spreadsheet: some rows without number, some twice; with the recipients'
 * `zones` and the rows' own `senders` where it has any.
 */
export function csvOf(
  campaign: number,
  { rows, zones = [], senders }: Pick<PlannedCampaign, "rows" | "zones" | "senders">,
  content: Content,
): string {
  if (content === "refused") return "alpha,beta\r\n1,2\r\n";
  const count = content === "corrected" ? rows + 1 : rows;
  const lines = Array.from({ length: count }, (_, index) => {
    const row = index + 1;
    const cells = [cellOf(campaign, row), `${content === "corrected" ? "Corrected" : "Hello"} from us`, row];
    const zone = zones.length === 0 ? [] : [zoneCell(zones, row)];
    const sender = senders === undefined ? [] : [hasSender(row) ? `+${senderOf(campaign, row)}` : ""];
    return [...cells, ...zone, ...sender].join(",");
  });
  const columns = ["cnumber", "message", "note"];
  if (zones.length > 0) columns.push("timezone");
  if (senders !== undefined) columns.push("snumber");
  return `${columns.join(",")}\r\n${lines.join("\r\n")}\r\n`;
}

/** Whether a row names a sender of its own, in a list that has such. */
const hasSender = (row: number): boolean => row % 3 === 0;

/** The number that a row is sent from which names its own. */
export const senderOf = (campaign: number, row: number): string => `4420794801${campaign}${row % 9}`;

/** The zone of a row, in a list over `zones`: some rows in a row share theirs, and the next batch has others. */
export const zoneOf = (zones: readonly string[], row: number): string =>
  zones[(row + Math.floor(row / 7)) % zones.length] ?? "UTC";

/** A zone as people spell it. */
const zoneCell = (zones: readonly string[], row: number) =>
  row % 3 === 0 ? zoneOf(zones, row).toLowerCase().replaceAll("_", " ") : zoneOf(zones, row);

/** The recipient of a row; a row that stands twice has its predecessor's. */
export const recipientOf = (campaign: number, row: number): string =>
  `44207${campaign}${String(row % 13 === 5 ? row - 1 : row).padStart(6, "0")}`;

/** Which campaign (by index) and row a number belongs to; the first row that has it. */
export function rowOf(cnumber: string): { readonly campaign: number; readonly row: number } {
  const row = Number(cnumber.slice(6));
  return { campaign: Number(cnumber.slice(5, 6)), row: isEmpty(row) ? row + 1 : row };
}

/** Whether the row has no number. */
export const isEmpty = (row: number): boolean => row % 11 === 7;

/** Whether the row has the number and text of the row before, and that one has any. */
export const isRepeated = (row: number): boolean => row % 13 === 5 && !isEmpty(row - 1);

const cellOf = (campaign: number, row: number) => (isEmpty(row) ? "" : recipientOf(campaign, row));
