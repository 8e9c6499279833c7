const saveAsCsv = 'Open it in the spreadsheet program and save it as "CSV UTF-8".';

/** How texts begin that are no list, and what to do with each. The first that fits counts. */
const kinds: readonly (readonly [beginning: RegExp, reason: string])[] = [
  [
    /^(?:<\?xml[^>]*>\s*)?(?:<\?mso-application[^>]*>\s*|<!--[\s\S]*?-->\s*)*<(?:\w+:)?Workbook[\s>]|^<\?xml[^>]*>\s*<\?mso-application progid="Excel/i,
    `This is an Excel workbook saved as XML, not a CSV. ${saveAsCsv}`,
  ],
  [
    /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype html|html|head|body|table|meta|div|style|script|title|p|center|h1)\b/i,
    `This is an HTML page, not a CSV, as some programs write it in place of a spreadsheet, or as a website answers in place of a download. If it shows the list, open it in the spreadsheet program and save it as "CSV UTF-8"; else download the list again.`,
  ],
  [
    /^(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE plist[^>]*>\s*)?<plist\b[\s\S]*?<key>URL<\/key>/i,
    "This is a shortcut to a web page (.webloc), not a CSV: it holds only the address. Open the page and download the list there as a CSV.",
  ],
  [
    /^<\?xml\b|^<(?:!DOCTYPE|[a-z][\w:-]*)(?:\s[^>]*)?>\s*</i,
    "This is an XML file, not a CSV. Export the list as a CSV from the program it comes from.",
  ],
  [
    /^BEGIN:VCARD\b/i,
    "This is an address book (vCard), not a CSV. Export the contacts as a CSV, or import the file into an address book that can.",
  ],
  [/^BEGIN:VCALENDAR\b/i, "This is a calendar (iCalendar), not a CSV. Upload the list of numbers as a CSV."],
  [/^(?:dn:|version: 1\s+dn:)/i, "This is an address book (LDIF), not a CSV. Export the contacts as a CSV."],
  [
    /^\{[^\n]*\}\s*\n\s*\{\s*"/,
    "These are JSON lines, not a CSV. Export the list as a CSV from the program it comes from.",
  ],
  [
    /^\{[^{}]*"(?:doc_id|resource_id)"\s*:/,
    "This is a link to a Google document (.gsheet), not a CSV. Open it in the browser and download the sheet as a CSV or as an Excel workbook.",
  ],
  [
    /^(?:\[\s*(?:[{["\]]|-?\d)|\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\}))/,
    "This is JSON, not a CSV. Export the list as a CSV; a campaign's options go into a file of the list's name that ends in .json.",
  ],
  [
    /^(?:(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID|From|To|Subject|Date|X-[\w-]+|DKIM-Signature|ARC-[\w-]+|Content-Type):[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){2}/i,
    "This is an e-mail, not a CSV. Save the list that is attached to it, and upload that.",
  ],
  [
    /^(?:--[^\n]*\n|\/\*[\s\S]*?\*\/;?|SET [^\n]*\n|\s)*(?:INSERT\s+INTO|CREATE\s+(?:TABLE|DATABASE)|DROP\s+TABLE|BEGIN TRANSACTION|PRAGMA\s)/i,
    "This is an SQL dump, not a CSV. Export the table with the numbers as a CSV.",
  ],
  [
    /^(?:[^\r\n]*\r?\n)?\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*\r?\n|^\+-{2,}(?:\+-{2,})*\+\s*\r?\n/,
    "This is a table drawn with lines, as Markdown and terminals show it, not a CSV. Export the list as a CSV from the program it comes from.",
  ],
  [/^(?:ID;P|ID;\w+\r?\n)[\s\S]*?\r?\n[BCFP];/, `This is a spreadsheet in the SYLK format, not a CSV. ${saveAsCsv}`],
  [
    /^\[InternetShortcut\]|^\[Desktop Entry\]/i,
    "This is a shortcut (.url), not a CSV: it holds only an address. Open it and download the list there as a CSV.",
  ],
  [
    /^version https:\/\/git-lfs/,
    "This is a placeholder of Git LFS, not a CSV: it says where the file is. Fetch the file itself (git lfs pull) and upload that.",
  ],
  [
    /^(?:%YAML[^\n]*\n)?(?:#[^\n]*\n)*(?:---\s*\n\s*)?(?:#[^\n]*\n)*(?:["']?[\w .-]+["']?:\s*\n(?:\s*#[^\n]*\n)*)?\s*-\s+(?:["']?[\w .-]+["']?:(?:\s|$)|\{)|^(?:%YAML[^\n]*\n)?---\s*\n\s*["']?[\w .-]+["']?:(?:\s|$)/,
    "This is YAML, not a CSV. Export the list as a CSV from the program it comes from.",
  ],
  [
    /^\[\[?[\w. -]+\]\]?\s*\n\s*[\w.-]+\s*=/,
    "This is a settings file (INI or TOML), not a CSV. Upload the list of numbers as a CSV.",
  ],
  [/^%!PS/, "This is a PostScript document, not a CSV. Upload the list of numbers as a CSV."],
  [/^TABLE\r?\n0,1\r?\n/, `This is a spreadsheet in the DIF format, not a CSV. ${saveAsCsv}`],
];

/** Why a text that begins so is no list at all; `undefined` for what may be one. */
export function textKind(beginning: string): string | undefined {
  const text = beginning.replace(/^[\ufeff\s]+/, "");
  return kinds.find(([pattern]) => pattern.test(text))?.[1];
}
