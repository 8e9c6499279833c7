import { quoted } from "../shorten.ts";
import { wordKey } from "./column-name.ts";
import type { Column } from "./columns.ts";
import type { Warnings } from "./warnings.ts";

/** Notices rows that are about to be sent although a column of the list says that the person does not want it. */
export type NoticeOptOut = (cells: readonly string[], line: number) => void;

const optedOutName =
  /opt(?:ed)?out|unsubscri|blacklist|blocklist|do?not(?:contact|call|text|sms|message|disturb|mail|send)|^dn[cdt]$|nosms|stopsms|smsstop|suppress|abgemeldet|abmeldung|widerspr|keinewerbung|keinesms|desabonn|desinscri|nepascontacter|disiscri|cancellat[oi]$|dadodebaja|^baja$|nocontactar|noenviar|afgemeld|uitgeschreven|avmeldt|avregistrer|afmeldt|framelding|wypisan|odhlasen|bajasms/;
const consentName =
  /consent|^subscribed$|smssubscri|subscribedto|opt(?:ed)?in$|optin(?:sms|text|marketing)|accepts?(?:sms|marketing|texts?)|einwillig|zustimm|^abonne$|^inscrit$|samtykke|samtycke|toestemming|consenso|consentimi|zgoda|suhlas|souhlas|maycontact|permission/;
/** A choice about another channel. */
const otherChannel = /email|e?mailing|newsletter|post|letter|fax|whatsapp|push/;

const words = (text: string) => new Set(text.split(/\s+/));
const yes = words(
  "1 yes y true t x on ja j oui o si s sim wahr vrai vero verdadero verdadeiro tak da igen ano kylla ✓ ✔ ☑ ☒ stop optout optedout unsubscribed blacklisted blocked",
);
const no = words(
  "0 no n false f off nein non nee nej nei ne nao falsch faux falso nie nem ei ✗ ✘ ☐ optout optedout unsubscribed notsubscribed declined denied withdrawn never revoked stop",
);

const wordOf = (cell: string) => {
  const text = cell.trim();
  return wordKey(text) || text;
};

/** Whether the cell says that its row is not to be written to. */
function refuses(cell: string, consent: boolean, dated: boolean): boolean {
  if (cell === "" || cell.trim() === "") return false;
  const word = wordOf(cell);
  if (consent) return no.has(word);
  return yes.has(word) || (dated && /^\d{1,4}[-./]\d/.test(cell.trim()));
}

/** Looks at the columns whose names speak of consent, those aside that the options' `skipWhere` names (`skipped`). */
export function createOptOutNotice(
  columns: readonly Column[],
  skipped: number | undefined,
  warnings: Warnings,
): NoticeOptOut | undefined {
  const watched = columns.flatMap(({ name, meaning }, at) => {
    const key = wordKey(name);
    if (at === skipped || meaning.kind !== "variable") return [];
    if (otherChannel.test(key) && !/sms|text|phone|mobile/.test(key)) return [];
    const out = optedOutName.test(key);
    if (!out && !consentName.test(key)) return [];
    return [{ at, name, consent: !out, dated: out && /(?:at|on|date|datum|am|le)$/.test(key) }];
  });
  if (watched.length === 0) return undefined;
  return (cells, line) => {
    for (const { at, name, consent, dated } of watched) {
      const cell = cells[at] ?? "";
      if (!refuses(cell, consent, dated)) continue;
      warnings.add("opt-out-column", sentence(name, cell.trim(), consent), {
        line,
        example: `${name.trim()}: ${quoted(cell.trim())}`,
      });
      return;
    }
  };
}

function sentence(name: string, value: string, consent: boolean): string {
  const usual = consent ? ["no", "false", "0"] : ["yes", "true", "1"];
  const is = [value, ...usual.filter((word) => word !== value.toLowerCase())];
  const option = JSON.stringify({ column: name.trim(), is });
  return `Rows are sent to although the column ${quoted(name.trim(), 40)} seems to say that these people do not want it. To leave them out, put this into the options, with every value that means so: "skipWhere": ${option}.`;
}
