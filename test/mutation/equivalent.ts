import { type Mutant, mistakeOf } from "./mutants.ts";

/** Mistakes in one line that make no difference that anybody could see, and why. */
export interface Equivalent {
  /** The text of the line in which they begin, without what surrounds it: line numbers change with every edit. */
  readonly line: string;
  /** As `npm run mutate` prints them; absent: all that can be made in that line. */
  readonly mistakes?: readonly string[];
  readonly because: string;
}

/** By file. Each was looked at by a person; a test fails when one no longer matches anything, so that none outlives its reason. */
export const equivalents: Readonly<Record<string, readonly Equivalent[]>> = {
  "shared/account/account.ts": [
    {
      line: "if (room <= 0 && day !== undefined) return waitForTomorrow(account, day, day.used + room, first);",
      mistakes: ["room <= 0 && day !== undefined  →  room <= 0"],
      because: "Only a day can be full; only the types allow for a limit without one.",
    },
    {
      line: "const full = limit !== undefined && (day?.used ?? 0) >= callsPerDayOf(account, limit);",
      mistakes: [
        "limit !== undefined && (day?.used ?? 0) >= callsPerDayOf(account, limit)  →  (day?.used ?? 0) >= callsPerDayOf(account, limit)",
        "day?.used ?? 0  →  day?.used",
        "0  →  1",
      ],
      because: "A day that is full was counted, and nothing is above a limit that is not there.",
    },
    {
      line: "const lane = divided.next[index] ?? { at: earliest };",
      mistakes: ["divided.next[index] ?? { at: earliest }  →  divided.next[index]", "at: earliest  →  nothing"],
      because: "The lane is one of those that there are; only the types allow for none.",
    },
  ],
  "shared/account/day-limit.ts": [
    {
      line: "const day = counted !== undefined && at < counted.until ? counted : dayFrom(counted, timezone, at);",
      mistakes: [
        "counted !== undefined && at < counted.until  →  counted !== undefined",
        "at < counted.until  →  (at) <= (counted.until)",
      ],
      because: "A day that is over is followed by the next, and so on until today, which is only found sooner.",
    },
  ],
  "shared/account/pacer.ts": [
    {
      line: "spans = [...spans.filter(({ until }) => now < until + secondMs), span];",
      mistakes: [
        "spans.filter(({ until }) => now < until + secondMs)  →  spans",
        "now < until + secondMs  →  (now) <= (until + secondMs)",
      ],
      because: "It only bounds the memory.",
    },
    {
      line: "until === undefined || leavesRoom(now, rate, until)",
      mistakes: ["until === undefined || leavesRoom(now, rate, until)  →  leavesRoom(now, rate, until)"],
      because: "Nothing is before undefined.",
    },
  ],
  "shared/account/slots.ts": [
    {
      line: "const paced = (rate: number): number => (rate < 100 ? Math.min(rate, (Math.floor(rate) + 1) * roomForLateness) : rate);",
      mistakes: ["rate < 100  →  (rate) <= (100)"],
      because: "At just 100 both say the same.",
    },
    {
      line: "if (rate >= 100) return 10;",
      mistakes: ["rate >= 100  →  (rate) > (100)"],
      because: "At just 100 both say the same.",
    },
  ],
  "shared/account/throttle.ts": [
    {
      line: "let alone = false;",
      mistakes: ["false  →  true"],
      because: "It is asked only after a reservation, whose holder was another before the first.",
    },
  ],
  "shared/csv/attachments.ts": [
    {
      line: "if (known.size > 0 && known.size + named.filter(isNew).length > attachmentsKept) known.clear();",
      mistakes: [
        "known.size + named.filter(isNew).length > attachmentsKept  →  (known.size + named.filter(isNew).length) >= (attachmentsKept)",
      ],
      because: "It bounds the memory, to one more or less.",
    },
  ],
  "shared/csv/calling-code-by-cells.ts": [
    {
      line: 'const cell = cells[number] ?? "";',
      mistakes: ['cells[number] ?? ""  →  cells[number]'],
      because: "A row without a number's cell has no number; only the types allow for none.",
    },
  ],
  "shared/csv/cell-quotes.ts": [
    {
      line: "return quoted?.replaceAll('\"\"', '\"') ?? cell;",
      mistakes: ["quoted?.replaceAll('\"\"', '\"') ?? cell  →  quoted?.replaceAll('\"\"', '\"')"],
      because: "Only where there is a text in marks can it be another than the cell.",
    },
  ],
  "shared/csv/clean-cells.ts": [
    {
      line: "for (let at = 0; at < cells.length; at++) {",
      mistakes: ["at < cells.length  →  (at) <= (cells.length)"],
      because: "There are no cells beyond the last; only the types allow for them.",
    },
    {
      line: 'const cell = cells[at] ?? "";',
      mistakes: ['cells[at] ?? ""  →  cells[at]'],
      because: "There are no cells beyond the last; only the types allow for them.",
    },
    {
      line: "if (first !== 0x3d && first !== 0x5c && first > 0x20) continue;",
      mistakes: ["0x20  →  64"],
      because: "It only saves a closer look, which has the same result.",
    },
    {
      line: "export const isEmptyToken = (value: string): boolean => value.length <= 12 && emptyTokens.has(value);",
      mistakes: [
        "value.length <= 12 && emptyTokens.has(value)  →  emptyTokens.has(value)",
        "value.length <= 12  →  (value.length) < (12)",
        "12  →  24",
      ],
      because: "None of these words is longer; that saves looking them up.",
    },
  ],
  "shared/csv/columns.ts": [
    {
      line: 'if (column.meaning.kind !== "variable" || isMapped(at)) return column;',
      mistakes: ['column.meaning.kind !== "variable" || isMapped(at)  →  isMapped(at)'],
      because: "A name that has a meaning as a whole has the same without its marks, which is taken by then.",
    },
    {
      line: 'if (other !== undefined) return givenTwice(parameter, all[other]?.name ?? "", name, header, first);',
      mistakes: ['all[other]?.name ?? ""  →  all[other]?.name'],
      because: "The other column is one of all; only the types allow for none.",
    },
    {
      line: 'if (cnumber === undefined) throw new Error("The columns were located without one for the number.");',
      because: "A list without a column for the number was refused before; only the type does not know.",
    },
  ],
  "shared/csv/country-by-cells.ts": [
    {
      line: "const states = home !== undefined && cells.every((cell) => isSubdivision(home, cell.toUpperCase()));",
      mistakes: [
        "home !== undefined && cells.every((cell) => isSubdivision(home, cell.toUpperCase()))  →  cells.every((cell) => isSubdivision(home, cell.toUpperCase()))",
      ],
      because: "A list without a country has no states.",
    },
    {
      line: 'const cell = cells[number] ?? "";',
      mistakes: ['cells[number] ?? ""  →  cells[number]'],
      because: '"undefined" is no country and no number.',
    },
    {
      line: "if (isOwn && isOther && own.identity === other.identity) continue;",
      mistakes: [
        "isOwn && isOther && own.identity === other.identity  →  own.identity === other.identity",
        "isOwn && isOther  →  isOwn",
        "isOwn && isOther  →  isOther",
      ],
      because: "Of two that are no destinations neither has an identity; one alone is another than none.",
    },
  ],
  "shared/csv/country-columns.ts": [
    {
      line: 'const listed = found[role].map((at) => quoted(names[at]?.trim() ?? "", 40));',
      mistakes: ['names[at]?.trim() ?? ""  →  names[at]?.trim()'],
      because: "What was found is one of the names; only the types allow for none.",
    },
    {
      line: 'const nothing: CountryColumns = { kind: "countries", country: undefined, callingCode: undefined, doubtful: undefined };',
      mistakes: [
        "country: undefined  →  nothing",
        "callingCode: undefined  →  nothing",
        "doubtful: undefined  →  nothing",
      ],
      because: "What is not there is undefined, whether that is said or not.",
    },
  ],
  "shared/csv/country-names.ts": [
    {
      line: 'for (const name of new Set(all.map((names) => names.of(country) ?? ""))) {',
      mistakes: ['names.of(country) ?? ""  →  names.of(country)'],
      because: "The platform has a name of every country, or gives its code.",
    },
    {
      line: 'const code = [...flag].map((letter) => String.fromCharCode((letter.codePointAt(0) ?? 0) - regionalA + 65)).join("");',
      mistakes: ["letter.codePointAt(0) ?? 0  →  letter.codePointAt(0)", "0  →  1"],
      because: "Every letter has a code point, and only one; only the types allow for none.",
    },
  ],
  "shared/csv/decoder.ts": [
    {
      line: "utf8Decoder({ strict: false, onGuessed });",
      mistakes: ["strict: false  →  nothing"],
      because: "What is not said to be strict is not.",
    },
  ],
  "shared/csv/destination-country.ts": [
    {
      line: "if (country !== undefined && allowed.has(country)) return undefined;",
      mistakes: ["country !== undefined && allowed.has(country)  →  allowed.has(country)"],
      because: "No list of countries has an undefined one.",
    },
  ],
  "shared/csv/detect-layout.ts": [
    {
      line: "if (hint?.[1] !== undefined) return { delimiter: hint[1], lineEnding, hintLength };",
      mistakes: ["1  →  2", "1  →  0"],
      because: "Where the expression matches, all its groups do.",
    },
    {
      line: 'let best = { delimiter: ",", known: 0, cells: 1 };',
      mistakes: ["1  →  0"],
      because: "A header of one cell has the first delimiter anyway.",
    },
    {
      line: "relax_column_count: true,",
      mistakes: ["relax_column_count: true  →  nothing", "true  →  false"],
      because: "Only the first record is read.",
    },
  ],
  "shared/csv/dialled-number.ts": [
    {
      line: 'return text[0] !== "0" && endsApart(text) ? invalid(setApart, quoted(cell.trim())) : undefined;',
      mistakes: ['text[0] !== "0" && endsApart(text)  →  endsApart(text)'],
      because: "No country code begins with 0, so that nothing ends apart behind one.",
    },
    {
      line: 'return text[0] !== "0" && endsApart(text) ? invalid(setApart, quoted(cell.trim())) : undefined;',
      mistakes: ['"0"  →  ""'],
      because: "No country code begins with 0, so that nothing ends apart behind one.",
    },
    {
      line: "const found = readPublicNumber(cell, { plan: undefined, check });",
      mistakes: ["plan: undefined  →  nothing"],
      because: "What is not there is undefined, whether that is said or not.",
    },
  ],
  "shared/csv/ebcdic.ts": [
    {
      line: "((byte >= 0x81 && byte <= 0xa9) || (byte >= 0xc1 && byte <= 0xe9)) && (byte & 0x0f) >= 1 && (byte & 0x0f) <= 9;",
      mistakes: ["byte >= 0xc1 && byte <= 0xe9  →  byte >= 0xc1", "0xe9  →  466"],
      because: "What lies above has no such second half, or is a digit.",
    },
  ],
  "shared/csv/encoding-doubt.ts": [
    {
      line: "if (!judged && (end || cells.isFull())) {",
      mistakes: ["!judged && (end || cells.isFull())  →  end || cells.isFull()"],
      because: "What was judged once is judged as it was: that saves the work, which is much.",
    },
    {
      line: "let begun: Uint8Array = new Uint8Array(0);",
      mistakes: ["0  →  1"],
      because: "With a zero in front of it, a file is UTF-8 if it is without.",
    },
    {
      line: "if (size >= sampleBytes || !/[\\x80-\\xff]/.test(cell)) return;",
      mistakes: ["size >= sampleBytes  →  (size) > (sampleBytes)"],
      because: "One cell more or less of a sample changes nothing.",
    },
    {
      line: 'begun = parts.pop()?.slice(0, longestCell) ?? "";',
      mistakes: ['parts.pop()?.slice(0, longestCell) ?? ""  →  parts.pop()?.slice(0, longestCell)'],
      because: "There is always a last part; only the types allow for none.",
    },
    {
      line: "let size = 0;",
      mistakes: ["0  →  1"],
      because: "One byte more or less of a sample changes nothing.",
    },
    {
      line: "if (size >= sampleBytes) return;",
      because: "What comes when the sample is full is left out where cells are kept, too; this only saves the work.",
    },
  ],
  "shared/csv/file-kind.ts": [
    {
      line: "const binary = binaries.find(([pattern]) => pattern.test(beginning))?.[1];",
      mistakes: [
        "binaries.find(([pattern]) => pattern.test(beginning))  →  binaries.findLast(([pattern]) => pattern.test(beginning))",
      ],
      because: "No file begins like two of these.",
    },
    {
      line: "const mark = marks.find(([bytes]) => startsWith(head, bytes));",
      mistakes: [
        "marks.find(([bytes]) => startsWith(head, bytes))  →  marks.findLast(([bytes]) => startsWith(head, bytes))",
      ],
      because: "No file begins with two of these.",
    },
    {
      line: "const byte = head[at] ?? 0;",
      mistakes: ["head[at] ?? 0  →  head[at]", "0  →  1"],
      because: "The byte lies within the head; only the types allow for none.",
    },
    {
      line: 'const text = new TextDecoder(encoding ?? stated ?? "latin1").decode(head.subarray(0, 4096));',
      mistakes: ["4096  →  8192"],
      because: "What kind of file it is shows within the first of them.",
    },
    {
      line: 'const beginning = Buffer.from(head.subarray(0, 512)).toString("latin1");',
      mistakes: ["512  →  1024"],
      because: "What kind of file it is shows within the first of them.",
    },
  ],
  "shared/csv/first-rows.ts": [
    {
      line: "const number = hash[0] & 63;",
      mistakes: ["0  →  1", "63  →  126", "63  →  0"],
      because:
        "Any number of tables of any size keep the same keys: it decides how much memory they take while they grow.",
    },
    {
      line: "tables[number] ??= { slots: emptySlots(64 * slotBytes), used: 0 };",
      mistakes: ["64  →  128", "0  →  1"],
      because:
        "Any number of tables of any size keep the same keys: it decides how much memory they take while they grow.",
    },
    {
      line: "if (table.used * slotBytes > table.slots.byteLength * 0.75) table.slots = doubled(table.slots);",
      mistakes: [
        "table.used * slotBytes > table.slots.byteLength * 0.75  →  (table.used * slotBytes) >= (table.slots.byteLength * 0.75)",
      ],
      because: "A table that grows one key earlier keeps the same keys.",
    },
    {
      line: "const mask = slots.byteLength - 1;",
      mistakes: ["1  →  2"],
      because: "What is masked is a multiple of 16: its lowest bit is 0.",
    },
    {
      line: "at = (at + slotBytes) & mask;",
      mistakes: ["at + slotBytes  →  (at) - (slotBytes)"],
      because: "Slots are looked through in one direction, whichever that is.",
    },
  ],
  "shared/csv/foreign-placeholder.ts": [
    {
      line: 'spelling("marks", "#", `##${name}##|#${name}#`),',
      mistakes: ['"#"  →  ""'],
      because: "In a text without that sign nothing is found: that only saves the search.",
    },
    {
      line: 'spelling("code", "__", `__${identifier}__`),',
      mistakes: ['"__"  →  ""'],
      because: "In a text without that sign nothing is found: that only saves the search.",
    },
    {
      line: 'if (certain && write !== undefined) return [{ kind: "column", found, write }];',
      mistakes: ["certain && write !== undefined  →  certain"],
      because: "What is certain is a column; only the types allow for none.",
    },
  ],
  "shared/csv/formula-cell.ts": [
    {
      line: "if (first > 0x40 && first < 0xff0b) return false;",
      mistakes: ["0x40  →  128", "0xff0b  →  0"],
      because: "It only saves a closer look, which has the same result.",
    },
    {
      line: "const text = first === 0x27 && cell.length > 1 ? cell.slice(1) : cell;",
      mistakes: [
        "first === 0x27 && cell.length > 1  →  first === 0x27",
        "cell.length > 1  →  (cell.length) >= (1)",
        "1  →  2",
        "1  →  0",
      ],
      because: "An apostrophe alone, or with one sign, is no formula either way.",
    },
    {
      line: 'const sign = text[at] ?? "";',
      mistakes: ['text[at] ?? ""  →  text[at]'],
      because: "The sign lies within the text; only the types allow for none.",
    },
    {
      line: 'if (/[)}]/.test(text[at] ?? "")) return open > 0 ? { at: at + 1, open: open - 1, awaited: false } : undefined;',
      mistakes: ['text[at] ?? ""  →  text[at]'],
      because: "The sign lies within the text; only the types allow for none.",
    },
    {
      line: 'if (/[)}]/.test(text[at] ?? "")) return open > 0 ? { at: at + 1, open: open - 1, awaited: false } : undefined;',
      mistakes: ["awaited: false  →  nothing"],
      because: "What is not awaited is not, whether that is said or not.",
    },
    {
      line: 'if (text[at] === "%") return { at: at + 1, open, awaited: false };',
      mistakes: ["awaited: false  →  nothing"],
      because: "What is not awaited is not, whether that is said or not.",
    },
  ],
  "shared/csv/judge-row.ts": [
    {
      line: "const seen = { international: false, national: false };",
      mistakes: ["international: false  →  nothing", "national: false  →  nothing"],
      because: "What is not there was not seen.",
    },
    {
      line: 'seen[international ? "international" : "national"] = true;',
      mistakes: ["international  →  !(international)"],
      because: "Both kinds count the same, whichever is called which.",
    },
    {
      line: 'const nothing: RowContent = { text: "", files: [] };',
      mistakes: ['text: ""  →  nothing', "files: []  →  nothing"],
      because: "It stands for a content where only numbers make rows duplicates, so that nobody looks at it.",
    },
    {
      line: "(send.message.length > 4000 || send.files !== undefined) && Buffer.byteLength(JSON.stringify(send)) > bounds.rowBytes;",
      mistakes: [
        "(send.message.length > 4000 || send.files !== undefined) && Buffer.byteLength(JSON.stringi  →  Buffer.byteLength(JSON.stringify(send)) > bounds.rowBytes",
        "send.message.length > 4000  →  (send.message.length) >= (4000)",
      ],
      because: "What is shorter is never as large; it is only measured needlessly.",
    },
    {
      line: "(send.message.length > 4000 || send.files !== undefined) && Buffer.byteLength(JSON.stringify(send)) > bounds.rowBytes;",
      mistakes: ["4000  →  8000"],
      because: "A text's characters take at most three bytes each, so that 8,000 are not too large either.",
    },
    {
      line: 'isShort(cells, columns) && (cells[columns.cnumber] ?? "").replace(/\\D/g, "").length < 5;',
      mistakes: ['cells[columns.cnumber] ?? ""  →  cells[columns.cnumber]'],
      because: "A row that ends before its number was refused by its shape before; only the types allow for it.",
    },
    {
      line: "const lacksText = (cells: readonly string[], { message }: Columns) => message !== undefined && message >= cells.length;",
      mistakes: ["message !== undefined && message >= cells.length  →  message >= cells.length"],
      because: "Nothing is not at least anything.",
    },
    {
      line: 'const name = all[at]?.name ?? "";',
      mistakes: ['all[at]?.name ?? ""  →  all[at]?.name'],
      because: "The doubtful column is one of all; only the types allow for none.",
    },
    {
      line: "(send.message.length > 4000 || send.files !== undefined) && Buffer.byteLength(JSON.stringify(send)) > bounds.rowBytes;",
      mistakes: ["4000  →  0"],
      because: "What is shorter is never as large; it is only measured needlessly.",
    },
  ],
  "shared/csv/key-hash.ts": [
    {
      line: "for (let at = 0; at < key.length; at++) {",
      mistakes: ["at < key.length  →  (at) <= (key.length)"],
      because: "One more round mixes what is there once more, and can be undone as the others.",
    },
  ],
  "shared/csv/likely-encoding.ts": [
    {
      line: "const pages = dosPages.flatMap((page) => byTable.get(page) ?? []);",
      mistakes: ["byTable.get(page) ?? []  →  byTable.get(page)"],
      because: "All these pages are tried; only the types allow for none.",
    },
  ],
  "shared/csv/named-in-prose.ts": [
    {
      line: "const opening = new Uint8Array(0x10000);",
      mistakes: ["0x10000  →  131072"],
      because: "A table that is larger says the same.",
    },
    {
      line: "const after = text.slice(at + name.length, at + name.length + 2);",
      mistakes: ["2  →  3"],
      because: "The patterns look at two signs at most.",
    },
    {
      line: "for (let at = 1; at < text.length; at++) {",
      mistakes: ["1  →  0", "at < text.length  →  (at) <= (text.length)"],
      because: "No mark stands before a text's first sign, and no name behind its last.",
    },
    {
      line: "found.push({ found: `${marks}${misspelt}`, column: undefined, certain: false });",
      mistakes: ["column: undefined  →  nothing", "certain: false  →  nothing"],
      because: "What is not certain, or no column, is not, whether that is said or not.",
    },
    {
      line: "return column === undefined ? [] : [{ found: `${sign} ${column}`, before: `${sign} `, column, certain: false }];",
      mistakes: ["certain: false  →  nothing"],
      because: "What is not certain is not, whether that is said or not.",
    },
    {
      line: "const own = sign !== undefined && names.some((column) => columnKey(column) === columnKey(sign + name));",
      mistakes: [
        "sign !== undefined && names.some((column) => columnKey(column) === columnKey(sign + name))  →  names.some((column) => columnKey(column) === columnKey(sign + name))",
      ],
      because: 'No column is called "undefined" and what it is called.',
    },
    {
      line: 'const greetedName = beginnings(words ?? "").find((name) => isPersonField(name) && columns.find(name) !== undefined);',
      mistakes: [
        'beginnings(words ?? "").find((name) => isPersonField(name) && columns.find(name) !== undef  →  beginnings(words ?? "").findLast((name) => isPersonField(name) && columns.find(name) !== u',
      ],
      because: "None of these names begins with the words of another.",
    },
    {
      line: "known.set(columns, found);",
      because: "It only saves finding the same names again.",
    },
    {
      line: 'const chunk = `${/\\S*$/.exec(before.slice(-chunkLimit))?.[0] ?? ""}x${/^\\S*/.exec(after.slice(0, chunkLimit))?.[0] ?? ""}`;',
      mistakes: [
        '/\\S*$/.exec(before.slice(-chunkLimit))?.[0] ?? ""  →  /\\S*$/.exec(before.slice(-chunkLimit))?.[0]',
        '/^\\S*/.exec(after.slice(0, chunkLimit))?.[0] ?? ""  →  /^\\S*/.exec(after.slice(0, chunkLimit))?.[0]',
      ],
      because: "The patterns match anything; only the types allow for no match.",
    },
  ],
  "shared/csv/number-cell.ts": [
    {
      line: "const [smaller = 0, larger = 0] = [Number(one), Number(other)].sort((a, b) => a - b);",
      mistakes: ["0  →  1"],
      because: "There are two of them; only the type allows for fewer.",
    },
  ],
  "shared/csv/number-columns.ts": [
    {
      line: 'const name = names[at] ?? "";',
      mistakes: ['names[at] ?? ""  →  names[at]'],
      because: "The column is one of the header's; only the types allow for none.",
    },
    {
      line: "keys[other] !== keys[chosen] &&",
      mistakes: ["keys[other] !== keys[chosen] && rival !== undefined  →  keys[other] !== keys[chosen]"],
      because: "Nothing that has no rank comes before another.",
    },
    {
      line: 'const listed = several.toSorted((a, b) => a - b).map((at) => quoted(names[at]?.trim() ?? "", 40));',
      mistakes: ['names[at]?.trim() ?? ""  →  names[at]?.trim()'],
      because: "There are several columns, with names; only the types allow for none.",
    },
    {
      line: "return mobileNames.has(key) ? 1 : phoneNames.has(key) ? 2 : chatNames.has(key) ? 3 : undefined;",
      mistakes: ["1  →  0", "3  →  4"],
      because: "Only which of them is less counts.",
    },
    {
      line: "const ranks = names.flatMap((one) => rankOf(one) ?? (isAgreed(one) ? 2 : []));",
      mistakes: ["2  →  3"],
      because: "Such a rank is only compared with a telephone's and a mobile's, and is not less than either.",
    },
    {
      line: 'const isAgreed = (name: string) => meaningByName(columnKey(name), false)?.kind === "cnumber";',
      mistakes: ["false  →  true"],
      because: "No name of the API's own means the number.",
    },
    {
      line: 'kind === "mobile" || mobileLike.test(key) ? 3 : phoneLike.test(key) ? 2 : first.of(at).some(isDialled) ? 1 : 0;',
      mistakes: ["3  →  4"],
      because: "Only which of them is less counts.",
    },
  ],
  "shared/csv/number-zones.ts": [
    {
      line: "for (let length = longest; length > 0; length--) {",
      mistakes: ["length > 0  →  (length) >= (0)"],
      because: "No number begins with nothing.",
    },
  ],
  "shared/csv/opt-out.ts": [
    {
      line: "key.length <= offerCharacters &&",
      mistakes: ["key.length <= offerCharacters && offerWord.test(key)  →  key.length <= offerCharacters"],
      because: "What is named for an offer has a word for one: that only saves a closer look.",
    },
    {
      line: ': [{ at, name: name.trim(), watch, skipped: at === skipped, yesOrNo: watch === "offer" && isYesOrNo(first, at) }];',
      mistakes: ['watch === "offer" && isYesOrNo(first, at)  →  isYesOrNo(first, at)'],
      because: "Of columns that are about no offer nobody asks; that saves reading their first rows.",
    },
    {
      line: 'return { name, skipped, sure: watch !== "offer", usual, out: createDistinctValues(), stay, other: false, rows: 0 };',
      mistakes: ["other: false  →  nothing"],
      because: "What is not there does not say so by being there, whether that is said or not.",
    },
  ],
  "shared/csv/phone-number.ts": [
    {
      line: "const complete = readPublicNumber(cell, { plan: undefined, check });",
      mistakes: ["plan: undefined  →  nothing"],
      because: "What is not there is undefined, too.",
    },
    {
      line: 'if (main === undefined || (area !== "" && calling !== "1")) {',
      mistakes: ['main === undefined || (area !== "" && calling !== "1")  →  area !== "" && calling !== "1"'],
      because: "Digits that no country's code begins are all an area.",
    },
    {
      line: 'return { kind: "plan", plan: plan ?? main, area, named: false };',
      mistakes: ["named: false  →  nothing"],
      because: "What is not said to be named is not.",
    },
    {
      line: "const own = known.get(key) ?? planOfRow({ country, callingCode });",
      mistakes: ["known.get(key) ?? planOfRow({ country, callingCode })  →  planOfRow({ country, callingCode })"],
      because: "What is remembered saves work, and is the same.",
    },
    {
      line: "if (known.size >= rowPlansKept) known.clear();",
      mistakes: [
        "known.size >= rowPlansKept  →  (known.size) > (rowPlansKept)",
        "known.size >= rowPlansKept  →  (known.size) < (rowPlansKept)",
      ],
      because: "What is remembered saves work, and is the same.",
    },
    {
      line: "known.set(key, own);",
      mistakes: ["known.set(key, own);  →  nothing"],
      because: "What is remembered saves work, and is the same.",
    },
    {
      line: "return { words, code, plus: /^(?:\\+|00)/.test(digits.trim()) };",
      mistakes: ["digits.trim()  →  digits"],
      because: "Digits begin with a blank only behind words, and where there are words a plus says no more.",
    },
    {
      line: 'const dial = dialledNumber("as-is", "length");',
      mistakes: ['"length"  →  ""'],
      because: "Numbers that are handed on as they are, whatever they are, are held to no plan.",
    },
    {
      line: "if (known.size >= rowPlansKept) known.clear();",
      mistakes: ["known.clear();  →  nothing"],
      because: "It only bounds the memory.",
    },
    {
      line: 'const dial = dialledNumber("as-is", "length");',
      mistakes: ['"as-is"  →  ""'],
      because: "What is neither of the other two words is as it is.",
    },
  ],
  "shared/csv/pieces.ts": [
    {
      line: "if (size < wanted) continue;",
      mistakes: ["size < wanted  →  (size) <= (wanted)"],
      because: "A piece that is just full comes a chunk later, and is the same.",
    },
    {
      line: "for (; size - at >= wanted; at += pieceBytes) {",
      mistakes: ["size - at >= wanted  →  (size - at) > (wanted)"],
      because: "A piece that is just full comes a chunk later, and is the same.",
    },
    {
      line: "const bytes = held.length === 1 ? chunk : Buffer.concat(held);",
      mistakes: ["1  →  0"],
      because: "A single chunk is only copied.",
    },
    {
      line: "held = at < size ? [bytes.subarray(at)] : [];",
      mistakes: ["at < size  →  (at) <= (size)"],
      because: "Nothing more is held.",
    },
    {
      line: "wanted = pieceBytes;",
      mistakes: ["wanted = pieceBytes;  →  nothing"],
      because: "Both sizes are the same today.",
    },
  ],
  "shared/csv/placeholder-signs.ts": [
    {
      line: "let before = 0x20;",
      mistakes: ["0x20  →  64", "0x20  →  0"],
      because: "Whatever counts as standing before a text is neither a letter nor a digit.",
    },
    {
      line: "for (let at = 0; at < text.length; at++) {",
      mistakes: ["at < text.length  →  (at) <= (text.length)"],
      because: "Behind the last character nothing stands.",
    },
    {
      line: "if (code >= 0x80) {",
      mistakes: ["code >= 0x80  →  (code) > (0x80)"],
      because: "That character is a control character, or has no entry; it is no sign either way.",
    },
    {
      line: "const sign = signs[code] ?? plain;",
      mistakes: ["signs[code] ?? plain  →  signs[code]"],
      because: "That character is a control character, or has no entry; it is no sign either way.",
    },
  ],
  "shared/csv/public-number.ts": [
    {
      line: "return isPlaceholderText(digits) && !plansOf(callingCode).some((plan) => plan.isMobile(national));",
      mistakes: [
        "plansOf(callingCode).some((plan) => plan.isMobile(national))  →  plansOf(callingCode).every((plan) => plan.isMobile(national))",
      ],
      because: "No countries that share a calling code have mobile numbers that count up.",
    },
    {
      line: 'const again = readNumber({ plus: false, digits, head: digits.length }, plan, "length");',
      mistakes: ["plus: false  →  nothing"],
      because: "What is not said to have a plus sign has none.",
    },
    {
      line: 'const again = readNumber({ plus: false, digits, head: digits.length }, plan, "length");',
      mistakes: ["head: digits.length  →  nothing"],
      because: "Digits as they are dialled within the country are its own, wherever they are set apart.",
    },
    {
      line: 'return again.kind === "number" && again.number === number ? digits : undefined;',
      mistakes: ['again.kind === "number" && again.number === number  →  again.number === number'],
      because: "What is no number, or several, has none to compare.",
    },
    {
      line: "const written = text.match(/\\d+/g) ?? [];",
      mistakes: ["text.match(/\\d+/g) ?? []  →  text.match(/\\d+/g)"],
      because: "There are digits in it; only the types allow for none.",
    },
    {
      line: 'const strict = (part: string) => readBracketedZero(part, (written) => read(written, "valid"));',
      mistakes: ['"valid"  →  ""'],
      because: "Everybody asks whether it is the other word.",
    },
    {
      line: 'const read = (some: string) => readNumber({ ...writtenNumber(some), plus: true }, undefined, "valid");',
      mistakes: ['"valid"  →  ""'],
      because: "Everybody asks whether it is the other word.",
    },
    {
      line: "plus ? written : { ...written, digits: area + digits, head: area.length + head },",
      mistakes: ["head: area.length + head  →  nothing"],
      because:
        "Areas are said of the calling code 1 alone, and none begins with it, so that nobody asks where the first digits end.",
    },
  ],
  "shared/csv/read-options.ts": [
    {
      line: "({",
      mistakes: [
        '({ string: "a text in quotation marks", number: "a number", int: "a whole number", object:  →  ({ string: "a text in quotation marks", number: "a number", int: "a whole number", object:',
      ],
      because: "No option is of another type.",
    },
    {
      line: "const near = keys.length === 1 && key !== undefined ? nearName(key, known) : undefined;",
      mistakes: ["keys.length === 1 && key !== undefined  →  keys.length === 1"],
      because: "Where there is one key, it is the first; only the types allow for none.",
    },
  ],
  "shared/csv/read-records.ts": [
    {
      line: "if (stated !== undefined && !isEncoding(stated)) {",
      mistakes: ["stated !== undefined && !isEncoding(stated)  →  !isEncoding(stated)"],
      because: "Where none is stated, it is one that is known: UTF-8.",
    },
  ],
  "shared/csv/row-files.ts": [
    {
      line: "if (key === undefined || found === undefined) {",
      mistakes: ["key === undefined || found === undefined  →  found === undefined"],
      because: "Where there is no key, nothing was found.",
    },
    {
      line: 'attached += found === "unjudged" ? 0 : found.size;',
      mistakes: ['"unjudged"  →  ""', "0  →  1"],
      because: "Where nobody can look there is neither a size nor a version, for any file of the row.",
    },
    {
      line: 'const { version } = found === "unjudged" ? { version: undefined } : found;',
      mistakes: ['"unjudged"  →  ""', "version: undefined  →  nothing"],
      because: "Where nobody can look there is neither a size nor a version, for any file of the row.",
    },
  ],
  "shared/csv/row-footer.ts": [
    {
      line: "let footed = false;",
      mistakes: ["false  →  true"],
      because: "It is asked for only once a text was rendered.",
    },
  ],
  "shared/csv/row-sender.ts": [
    {
      line: 'const campaignSender: RowSender = { kind: "sender", snumber: snumber ?? "", stype, customer, own: undefined };',
      mistakes: ['snumber ?? ""  →  snumber'],
      because: "One or the other was refused before; only the types allow for none.",
    },
    {
      line: 'const campaignSender: RowSender = { kind: "sender", snumber: snumber ?? "", stype, customer, own: undefined };',
      mistakes: ["own: undefined  →  nothing"],
      because: "What is not there is undefined, too.",
    },
  ],
  "shared/csv/row-shape.ts": [
    {
      line: 'const next = cells[named] ?? "";',
      mistakes: ['cells[named] ?? ""  →  cells[named]'],
      because: 'Where there is no such cell, "undefined" is no number either; only the types allow for none.',
    },
    {
      line: 'const parts = (cells[0] ?? "").split(/[,;\\t|]/).flatMap((part) => part.trim() || []);',
      mistakes: ['cells[0] ?? ""  →  cells[0]'],
      because: 'Where there is no such cell, "undefined" is no number either; only the types allow for none.',
    },
    {
      line: 'if (number?.trim() === "" || (number ?? "").replace(/\\D/g, "").length >= 4) return false;',
      mistakes: ['number ?? ""  →  number'],
      because: 'Where there is no such cell, "undefined" is no number either; only the types allow for none.',
    },
    {
      line: "const width = records[0]?.cells.length;",
      mistakes: ["0  →  1"],
      because: "The rows have the same number of cells where that counts, and there are three of them.",
    },
    {
      line: 'example: `column ${quoted(columns.all[at]?.name ?? "", 40)}`,',
      mistakes: ['columns.all[at]?.name ?? ""  →  columns.all[at]?.name'],
      because:
        "The columns are as many as the cells that can be so long; else the column has no name, which is shown as none.",
    },
  ],
  "shared/csv/row-text.ts": [
    {
      line: 'const column = columns.all[message ?? 0]?.name ?? "";',
      mistakes: [
        'columns.all[message ?? 0]?.name ?? ""  →  columns.all[message ?? 0]?.name',
        "message ?? 0  →  message",
        "0  →  1",
      ],
      because: "A row's own text stands in a column, which has a name; only the types allow for none.",
    },
    {
      line: 'if (trimmed === "") return { kind: "campaign", template: undefined, escaped: false };',
      mistakes: ["escaped: false  →  nothing"],
      because: "What is not said to be escaped is not.",
    },
    {
      line: "const around = (text: string, at: number) => text.slice(Math.max(0, at - 20), at + 40);",
      mistakes: ["20  →  40", "40  →  80"],
      because: "How much of a text people are shown is not for tests to say.",
    },
    {
      line: 'if (trimmed === "") return { kind: "campaign", template: undefined, escaped: false };',
      mistakes: ["template: undefined  →  nothing"],
      because: "What is not there is undefined, whether that is said or not.",
    },
  ],
  "shared/csv/row-zone.ts": [
    {
      line: "const group = byFound.get(zones) ?? groupOf(zones.map(current));",
      mistakes: ["byFound.get(zones) ?? groupOf(zones.map(current))  →  groupOf(zones.map(current))"],
      because: "It only saves putting the same zones together again.",
    },
    {
      line: "byFound.set(zones, group);",
      mistakes: ["byFound.set(zones, group);  →  nothing"],
      because: "It only saves putting the same zones together again.",
    },
  ],
  "shared/csv/segments.ts": [
    {
      line: "const width = septets[text.charCodeAt(at)] ?? 0;",
      mistakes: ["septets[text.charCodeAt(at)] ?? 0  →  septets[text.charCodeAt(at)]", "0  →  1"],
      because: "Every code unit is in the table; only the types allow for none.",
    },
    {
      line: "const size = septets[character.charCodeAt(0)] ?? 0;",
      mistakes: ["septets[character.charCodeAt(0)] ?? 0  →  septets[character.charCodeAt(0)]"],
      because: "Every code unit is in the table; only the types allow for none.",
    },
    {
      line: "while (from > start && !beginsCharacter(text, from)) {",
      mistakes: [
        "from > start && !beginsCharacter(text, from)  →  from > start",
        "from > start && !beginsCharacter(text, from)  →  !beginsCharacter(text, from)",
        "from > start  →  (from) >= (start)",
      ],
      because: "The library is asked about more than it need be, with the same result.",
    },
    {
      line: "for (const { length } of new calculator.SegmentedMessage(text.slice(from, end + 2)).graphemes) {",
      mistakes: ["2  →  3"],
      because: "What follows the character does not matter to the library.",
    },
    {
      line: "if (unit >= 0xdc00 && unit <= 0xdfff) return false;",
      mistakes: [
        "unit >= 0xdc00 && unit <= 0xdfff  →  unit >= 0xdc00",
        "unit >= 0xdc00 && unit <= 0xdfff  →  unit <= 0xdfff",
        "0xdfff  →  114686",
      ],
      because: "Where it is not certain the library is asked, with the same result.",
    },
    {
      line: "joining.lastIndex = before >= 0xdc00 && before <= 0xdfff ? at - 2 : at - 1;",
      mistakes: ["before >= 0xdc00 && before <= 0xdfff  →  before >= 0xdc00", "0xdfff  →  114686"],
      because: "Where it is not certain the library is asked, with the same result.",
    },
    {
      line: "joining.lastIndex = before >= 0xdc00 && before <= 0xdfff ? at - 2 : at - 1;",
      mistakes: ["before >= 0xdc00  →  (before) > (0xdc00)", "before <= 0xdfff  →  (before) < (0xdfff)"],
      because: "No sign that is written before another one has such a second half.",
    },
  ],
  "shared/csv/set-apart.ts": [
    {
      line: 'if (last === undefined || before === undefined) return { kind: "part" };',
      mistakes: ["last === undefined || before === undefined  →  before === undefined"],
      because: "Where there are two groups there is a last one.",
    },
    {
      line: "for (const group of groups.slice(1)) {",
      mistakes: ["groups.slice(1)  →  groups", "1  →  0"],
      because: "In front of the first group nothing stands that is a number.",
    },
    {
      line: "/[\\s/]\\(?$/.test(text.slice(0, group.index)) &&",
      mistakes: ["0  →  1"],
      because: "Only the end of that text is looked at.",
    },
    {
      line: "const spread = loose.test(between) && (text.match(allLoose) ?? []).length === 1;",
      mistakes: ["text.match(allLoose) ?? []  →  text.match(allLoose)"],
      because: "The gap itself is one such place, so that there is at least one.",
    },
    {
      line: "return text.slice((before?.index ?? 0) + (before?.[0].length ?? 0), group.index);",
      mistakes: ["before?.index ?? 0  →  before?.index", "0  →  1", "before?.[0].length ?? 0  →  before?.[0].length"],
      because: "Each of these groups has one before it; only the types allow for none.",
    },
    {
      line: 'return new Set(gaps).size === 1 && !/[()]/.test(gaps[0] ?? "");',
      mistakes: ['gaps[0] ?? ""  →  gaps[0]', "0  →  1"],
      because: "All gaps are the same, and there are some.",
    },
    {
      line: "const [one = 0, other = 0, last = 0] = lengths.slice(-3);",
      mistakes: ["0  →  1"],
      because: "There are at least four groups where that counts; only the types allow for fewer.",
    },
    {
      line: "/\\(\\s*\\d\\s*\\)$/.test(text) || (/\\s-+\\s*\\d$/.test(text) && (text.match(/\\s-/g) ?? []).length === 1);",
      mistakes: ["text.match(/\\s-/g) ?? []  →  text.match(/\\s-/g)"],
      because: "The expression before has found such a place.",
    },
  ],
  "shared/csv/single-byte-tables.ts": [
    {
      line: 'return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : (table[byte - 0x80] ?? ""))).join("");',
      mistakes: ['table[byte - 0x80] ?? ""  →  table[byte - 0x80]'],
      because: "A table has all 128 bytes; only the types allow for none.",
    },
  ],
  "shared/csv/skip-where.ts": [
    {
      line: 'if (skipWhere === undefined) return { kind: "skipped-rows", column: undefined, reason: () => undefined };',
      mistakes: ["column: undefined  →  nothing"],
      because: "What is not there is undefined, whether that is said or not.",
    },
  ],
  "shared/csv/suspicious.ts": [
    {
      line: "const offset = (4 - (utf8.byteOffset % 4)) % 4;",
      mistakes: ["4  →  5"],
      because: "Bytes that are not passed over four at a time are looked at one by one, with the same result.",
    },
    {
      line: "aligned < offset",
      mistakes: ["aligned < offset  →  (aligned) <= (offset)"],
      because: "Bytes that are not passed over four at a time are looked at one by one, with the same result.",
    },
    {
      line: ": new Uint32Array(utf8.buffer, utf8.byteOffset + offset, (utf8.length - offset) >> 2);",
      mistakes: ["2  →  3"],
      because: "Bytes that are not passed over four at a time are looked at one by one, with the same result.",
    },
    {
      line: "const word = words[index] ?? 0;",
      mistakes: ["words[index] ?? 0  →  0"],
      because: "Bytes that are not passed over four at a time are looked at one by one, with the same result.",
    },
    {
      line: "const deleted = word ^ 0x7f7f7f7f;",
      mistakes: ["0x7f7f7f7f  →  4278124286"],
      because: "Bytes that are not passed over four at a time are looked at one by one, with the same result.",
    },
    {
      line: "if (((word | (word - 0x20202020) | (deleted - 0x01010101)) & 0x80808080) === 0) continue;",
      mistakes: ["0x20202020  →  1077952576", "0x01010101  →  33686018", "0  →  1"],
      because: "Bytes that are not passed over four at a time are looked at one by one, with the same result.",
    },
    {
      line: "for (let at = aligned + words.length * 4; at < utf8.length; at++) {",
      mistakes: ["4  →  0"],
      because: "Bytes that are not passed over four at a time are looked at one by one, with the same result.",
    },
    {
      line: "const word = words[index] ?? 0;",
      mistakes: ["words[index] ?? 0  →  words[index]", "0  →  1"],
      because: "The bytes lie within the piece; only the types allow for none.",
    },
    {
      line: "const byte = utf8[at] ?? 0;",
      mistakes: ["utf8[at] ?? 0  →  utf8[at]", "0  →  1"],
      because: "The bytes lie within the piece; only the types allow for none.",
    },
    {
      line: "const next = utf8[at + 1] ?? 0;",
      mistakes: ["utf8[at + 1] ?? 0  →  utf8[at + 1]", "0  →  1"],
      because: "A piece ends with a whole character, so that something follows this byte.",
    },
  ],
  "shared/csv/swallowed-rows.ts": [
    {
      line: "if (!/[\\r\\n]/.test(cell) || !cell.includes(delimiter)) continue;",
      mistakes: ["!/[\\r\\n]/.test(cell) || !cell.includes(delimiter)  →  !/[\\r\\n]/.test(cell)"],
      because: "A cell without a delimiter has no row in it; it is only looked at needlessly.",
    },
    {
      line: 'return inside.some((part, place) => isNumber(part) && (place >= at || isNumber(cells[place] ?? "")));',
      mistakes: ['cells[place] ?? ""  →  cells[place]'],
      because: '"undefined" is no number.',
    },
  ],
  "shared/csv/template-columns.ts": [
    {
      line: 'const found = { keys, named: keys.filter((key) => key !== "" && key.length <= longestNear * 1.5) };',
      mistakes: ['key !== "" && key.length <= longestNear * 1.5  →  key !== ""', "1.5  →  2.5"],
      because: "A name that is longer is never near to one of `longestNear`; it is only compared needlessly.",
    },
    {
      line: "known.set(names, found);",
      mistakes: ["known.set(names, found);  →  nothing"],
      because: "It only saves making the keys again.",
    },
    {
      line: "return at === undefined ? name : (names[at]?.trim() ?? name);",
      mistakes: ["names[at]?.trim() ?? name  →  names[at]?.trim()"],
      because: "What was found is one of the names; only the types allow for none.",
    },
  ],
  "shared/csv/template.ts": [
    {
      line: 'else if (cell.includes("?") && lacksLetters(cell)) notice(column, cell, "lost");',
      mistakes: ['cell.includes("?") && lacksLetters(cell)  →  lacksLetters(cell)'],
      because: "It only saves a closer look, which takes fifty times as long and has the same result.",
    },
  ],
  "shared/csv/twice-encoded.ts": [
    {
      line: "for (let byte = 0x80; byte < 0xa0; byte++) bytes.set(String.fromCharCode(byte), byte);",
      mistakes: ["0x80  →  0"],
      because: "ASCII begins no character of UTF-8 that is longer, and goes on with none.",
    },
    {
      line: "for (let byte = 0x80; byte < 0xa0; byte++) bytes.set(String.fromCharCode(byte), byte);",
      mistakes: ["byte < 0xa0  →  (byte) <= (0xa0)"],
      because: "All these tables have that blank, and are asked after it.",
    },
    {
      line: "const follows = among(0x80, 0xbf);",
      mistakes: ["0x80  →  0"],
      because: "No character stands for a byte below.",
    },
    {
      line: "for (let byte = 0x80; byte <= 0xff; byte++) bytes.set(decodedAs(table, Uint8Array.of(byte)), byte);",
      mistakes: ["0x80  →  0", "byte <= 0xff  →  (byte) < (0xff)"],
      because: "ASCII and the byte FF begin no character of UTF-8 that is longer, and go on with none.",
    },
    {
      line: "const before = Uint8Array.from(stretch, (character) => bytes.get(character) ?? 0);",
      mistakes: ["bytes.get(character) ?? 0  →  bytes.get(character)", "0  →  1"],
      because: "A stretch is found by characters that all have a byte; only the types allow for none.",
    },
    {
      line: "const explained = (stretches: readonly Stretch[]) => stretches.reduce((sum, { length }) => sum + length, 0);",
      mistakes: ["0  →  1"],
      because: "Such sums are compared with each other alone.",
    },
  ],
  "shared/csv/utf16-without-mark.ts": [
    {
      line: "const first = head[unit * 2] ?? 0;",
      mistakes: ["head[unit * 2] ?? 0  →  head[unit * 2]", "0  →  1"],
      because: "The bytes lie within the head; only the types allow for none.",
    },
    {
      line: "const second = head[unit * 2 + 1] ?? 0;",
      mistakes: ["head[unit * 2 + 1] ?? 0  →  head[unit * 2 + 1]", "0  →  1"],
      because: "The bytes lie within the head; only the types allow for none.",
    },
    {
      line: 'const encoding = signs.little > signs.big ? "utf-16le" : "utf-16be";',
      mistakes: ["signs.little > signs.big  →  (signs.little) >= (signs.big)"],
      because: "As many signs on either side were refused before.",
    },
    {
      line: "const text = new TextDecoder(encoding).decode(head.subarray(0, units * 2));",
      mistakes: ["2  →  3"],
      because: "What is decoded beyond the last whole unit is left out of what is looked at.",
    },
  ],
  "shared/csv/utf7.ts": [
    {
      line: 'const decoded = decodedUtf7(match[1] ?? "");',
      mistakes: ['match[1] ?? ""  →  match[1]'],
      because: "There is such a match, perhaps an empty one; only the types allow for none.",
    },
    {
      line: 'const before = /\\S{0,20}$/.exec(text.slice(Math.max(0, match.index - 20), match.index))?.[0] ?? "";',
      mistakes: [
        '/\\S{0,20}$/.exec(text.slice(Math.max(0, match.index - 20), match.index))?.[0] ?? ""  →  /\\S{0,20}$/.exec(text.slice(Math.max(0, match.index - 20), match.index))?.[0]',
      ],
      because: "There is such a match, perhaps an empty one; only the types allow for none.",
    },
    {
      line: 'const found = before + match[0] + (behind ?? "");',
      mistakes: ['behind ?? ""  →  behind'],
      because: "There is such a match, perhaps an empty one; only the types allow for none.",
    },
    {
      line: "if (decoded === undefined || !isText(decoded)) continue;",
      mistakes: ["decoded === undefined || !isText(decoded)  →  !isText(decoded)"],
      because: 'The word "undefined", for which it would be taken, has no letter beyond ASCII.',
    },
    {
      line: 'const before = /\\S{0,20}$/.exec(text.slice(Math.max(0, match.index - 20), match.index))?.[0] ?? "";',
      mistakes: ["20  →  40"],
      because: "The expression takes twenty of them, however many there are.",
    },
    {
      line: "text.slice(match.index + match[0].length, match.index + match[0].length + 20),",
      mistakes: ["20  →  40"],
      because: "The expression takes twenty of them, however many there are.",
    },
  ],
  "shared/csv/utf8-runs.ts": [
    {
      line: "if ((bytes[at] ?? 0) < 0x80) {",
      mistakes: ["bytes[at] ?? 0  →  bytes[at]", "0  →  1"],
      because: "The byte lies within the bytes; only the types allow for none.",
    },
  ],
  "shared/csv/utf8.ts": [
    {
      line: "for (let back = 1; back <= Math.min(3, bytes.length); back++) {",
      mistakes: ["Math.min(3, bytes.length)  →  Math.max(3, bytes.length)", "3  →  4"],
      because: "A character has at most four bytes, so that a beginning further back is whole.",
    },
    {
      line: "const byte = bytes[bytes.length - back] ?? 0;",
      mistakes: ["bytes[bytes.length - back] ?? 0  →  bytes[bytes.length - back]", "0  →  1"],
      because: "The byte lies within the bytes; only the types allow for none.",
    },
    {
      line: "const length = sequenceLength(bytes[at] ?? 0);",
      mistakes: ["bytes[at] ?? 0  →  bytes[at]", "0  →  1"],
      because: "The byte lies within the bytes; only the types allow for none.",
    },
  ],
  "shared/csv/with-first-rows.ts": [
    {
      line: "waiting = [];",
      mistakes: ["waiting = [];  →  nothing"],
      because: "Once released, they are not asked for any more.",
    },
    {
      line: "if (held !== undefined) yield { ...held, below: undefined };",
      mistakes: ["below: undefined  →  nothing"],
      because: "What is not there is undefined, too.",
    },
  ],
  "shared/csv/wrapping-marks.ts": [
    {
      line: 'return quoted.test(text) ? "quoted" : undefined;',
      mistakes: ['"quoted"  →  ""'],
      because: "Everybody asks whether it is something, or the other word.",
    },
  ],
  "shared/enswitch/enswitch.ts": [
    {
      line: "allowH2: false,",
      because: "The connections are our own, and offer no other protocol.",
    },
    {
      line: "pipelining: 1,",
      mistakes: ["pipelining: 1  →  nothing", "1  →  2"],
      because: "It is the library's own, and calls that are not idempotent are not pipelined in any case.",
    },
    {
      line: "headersTimeout: 0,",
      mistakes: ["headersTimeout: 0  →  nothing"],
      because: "The library's own is five minutes, and our time is over long before.",
    },
    {
      line: "bodyTimeout: 0,",
      mistakes: ["bodyTimeout: 0  →  nothing"],
      because: "The library's own is five minutes, and our time is over long before.",
    },
    {
      line: "maxHeaderSize: 16_384,",
      mistakes: ["maxHeaderSize: 16_384  →  nothing", "16_384  →  32768"],
      because: "It is Node's own, and Enswitch's head has some hundred bytes.",
    },
  ],
  "shared/enswitch/file-encoder.ts": [
    {
      line: "let cached = 0;",
      mistakes: ["0  →  1"],
      because: "A byte of 32 MiB.",
    },
    {
      line: "if (cached > attachmentCache) {",
      mistakes: ["cached > attachmentCache  →  (cached) >= (attachmentCache)"],
      because: "A byte of 32 MiB.",
    },
    {
      line: "cached = 0;",
      mistakes: ["0  →  1"],
      because: "A byte of 32 MiB.",
    },
  ],
  "shared/enswitch/fire-call.ts": [
    {
      line: "idempotent: false,",
      because: "It is the library's own for a POST, and one that is taken up again is stopped in any case.",
    },
    {
      line: "let status = 0;",
      mistakes: ["0  →  1"],
      because: "A reply begins with its status.",
    },
    {
      line: 'override readonly name = "Withdrawn";',
      mistakes: ['"Withdrawn"  →  ""'],
      because: "Nobody sees it but the library, which does not look at its name.",
    },
  ],
  "shared/enswitch/form-body.ts": [
    {
      line: 'parts.push(Buffer.from(text, "latin1"), value);',
      mistakes: ['"latin1"  →  ""'],
      because: "What is encoded for a form is ASCII, whose bytes are the same.",
    },
    {
      line: 'const last = Buffer.from(text, "latin1");',
      mistakes: ['"latin1"  →  ""'],
      because: "What is encoded for a form is ASCII, whose bytes are the same.",
    },
    {
      line: "return parts.length === 0 ? last : Buffer.concat([...parts, last]);",
      mistakes: ["0  →  1"],
      because: "There are none or at least two, and none put together with the last is the last.",
    },
    {
      line: 'export const formValue = (value: string): Buffer => Buffer.from(formText(value), "latin1");',
      mistakes: ['"latin1"  →  ""'],
      because: "What is encoded for a form is ASCII, whose bytes are the same.",
    },
  ],
  "shared/enswitch/list-texts.ts": [
    {
      line: "...(isTls && ca !== undefined ? { ca } : {}),",
      mistakes: ["isTls && ca !== undefined  →  isTls", "isTls && ca !== undefined  →  ca !== undefined"],
      because: "An undefined authority is the system's, and without TLS none is asked.",
    },
    {
      line: 'response.on("end", () => resolve(read(response.statusCode ?? 0, Buffer.concat(chunks).toString("utf8"))));',
      mistakes: ["response.statusCode ?? 0  →  response.statusCode", "0  →  1"],
      because: "An answer has a status; only the type allows for none.",
    },
  ],
  "shared/enswitch/opener.ts": [
    {
      line: 'if (!(socket instanceof Socket)) throw new Error("undici\'s connector no longer returns its socket");',
      mistakes: ['throw new Error("undici\'s connector no longer returns its socket");  →  nothing'],
      because: "The pinned version of undici returns it; this is for who raises the version.",
    },
  ],
  "shared/enswitch/read-verdict.ts": [
    {
      line: "if (first !== undefined && codes.every((each) => each >= 200 && each <= 299)) {",
      mistakes: [
        "first !== undefined && codes.every((each) => each >= 200 && each <= 299)  →  codes.every((each) => each >= 200 && each <= 299)",
      ],
      because: "There is at least one entry, which has a code; only the type allows for none.",
    },
  ],
  "shared/enswitch/readings.ts": [
    {
      line: "if (value === undefined || first === undefined || final === undefined) continue;",
      mistakes: [
        "value === undefined || first === undefined || final === undefined  →  value === undefined || first === undefined",
        "value === undefined || first === undefined  →  value === undefined",
      ],
      because: "A match lies within the text; only the types allow for units that are not there.",
    },
  ],
  "shared/enswitch/strike-secret.ts": [
    {
      line: "if (first === undefined || last === undefined) continue;",
      mistakes: [
        "first === undefined || last === undefined  →  first === undefined",
        "first === undefined || last === undefined  →  last === undefined",
      ],
      because: "A word lies within the text; only the types allow for units that are not there.",
    },
    {
      line: "if (first === undefined || last === undefined || !pieces.has(text.slice(at, at + length))) continue;",
      mistakes: [
        "first === undefined || last === undefined || !pieces.has(text.slice(at, at + length))  →  !pieces.has(text.slice(at, at + length))",
        "first === undefined || last === undefined  →  first === undefined",
        "first === undefined || last === undefined  →  last === undefined",
      ],
      because: "A piece lies within the text; only the types allow for units that are not there.",
    },
  ],
  "shared/feed/feed.ts": [
    {
      line: "let delay = 0;",
      mistakes: ["0  →  1"],
      because: "The first message has its own delay put here, and a group without messages is not delayed.",
    },
    {
      line: "const groupsOf = ({ rows }: PlanLine) => rows.map(({ zone }) => zone ?? -1);",
      mistakes: ["1  →  2", "1  →  0"],
      because: "Where there are groups at all every row is in one; only the types allow for none.",
    },
  ],
  "shared/feed/number-set.ts": [
    {
      line: "while (table[slot] !== 0 && table[slot] !== number) slot = (slot + 1) & mask;",
      mistakes: ["slot + 1  →  (slot) - (1)"],
      because: "It is as good to look for the next free slot backwards.",
    },
  ],
  "shared/feed/suppression.ts": [
    {
      line: "for (const gone of [...cache.keys()].filter((key) => !keys.includes(key))) cache.delete(gone);",
      mistakes: ["cache.delete(gone);  →  nothing"],
      because: "It only bounds the memory: what comes again is read again unless it is the same.",
    },
    {
      line: 'if (plan === undefined || meaning.kind !== "number" || meaning.callingCode !== plan.callingCode) return [];',
      mistakes: ['plan === undefined || meaning.kind !== "number"  →  plan === undefined'],
      because: "The other kinds have no calling code, so that the next comparison says the same.",
    },
    {
      line: 'const read = readNumber({ plus: true, digits, head: digits.length }, undefined, "valid");',
      mistakes: ["head: digits.length  →  nothing"],
      because: "Behind a plus sign, and without a country, nobody asks where the first separator stands.",
    },
    {
      line: 'return read.kind === "number" && read.number === `+${digits}` ? "international" : "national";',
      mistakes: ['read.kind === "number" && read.number === `+${digits}`  →  read.number === `+${digits}`'],
      because: "The other kinds have no number to compare.",
    },
  ],
  "shared/ledger/batches.ts": [
    {
      line: "return { ...readBatchItem(claim.campaign, { ...updated, outcomes: undefined }), outcomes: inOrder(outcomes) };",
      mistakes: ["outcomes: undefined  →  nothing"],
      because: "What would be read is what was just written, which stands in its place; this saves reading it.",
    },
  ],
  "shared/number-text.ts": [
    {
      line: "for (let code = 0x30; code < 0x1fc00; code++) {",
      mistakes: ["0x30  →  96", "0x30  →  0", "code < 0x1fc00  →  (code) <= (0x1fc00)", "0x1fc00  →  260096"],
      because: "Digits other than a keyboard's lie between.",
    },
  ],
  "shared/numbering-plan.ts": [
    {
      line: "const plan = readPlan(metadata.countries[country] ?? [], country);",
      mistakes: ["metadata.countries[country] ?? []  →  metadata.countries[country]"],
      because: "Every country has a plan; only the types allow for none.",
    },
    {
      line: "plans.set(country, plan);",
      mistakes: ["plans.set(country, plan);  →  nothing"],
      because: "It only saves reading the plan again.",
    },
    {
      line: "? (metadata.country_calling_codes[callingCode] ?? [])",
      mistakes: ["metadata.country_calling_codes[callingCode] ?? []  →  metadata.country_calling_codes[callingCode]"],
      because: "The code is one of them; only the types allow for none.",
    },
    {
      line: "const found = countries.flatMap((country) => planOf(country) ?? []);",
      mistakes: ["planOf(country) ?? []  →  planOf(country)"],
      because: "Every country of a code has a plan; only the types allow for none.",
    },
    {
      line: "if (all.length > 0) byCallingCode.set(callingCode, all);",
      mistakes: [
        "all.length > 0  →  (all.length) >= (0)",
        "all.length > 0  →  (all.length) <= (0)",
        "0  →  1",
        "byCallingCode.set(callingCode, all);  →  nothing",
      ],
      because: "It only saves reading the plans again, and bounds the memory.",
    },
    {
      line: "for (let length = 1; length <= 3; length++) {",
      mistakes: ["1  →  0", "3  →  4"],
      because: "No calling code has no digits, or four.",
    },
    {
      line: ".flatMap((plan) => formatted(plan, national).match(/\\d+/g) ?? []);",
      mistakes: ["formatted(plan, national).match(/\\d+/g) ?? []  →  formatted(plan, national).match(/\\d+/g)"],
      because: "There are digits in it; only the types allow for none.",
    },
    {
      line: "const { formats } = plan.formats.length > 0 ? plan : main;",
      mistakes: ["0  →  1"],
      because: "A plan beside its code's main one has no formats, or several.",
    },
    {
      line: 'const mobilesWithAreas: ReadonlySet<string> = new Set(["52", "54", "55", "62", "86"]);',
      mistakes: ['"52"  →  ""'],
      because: "Every mobile of Mexico's plan is a fixed line by it, too.",
    },
  ],
  "shared/reconcile/account-history.ts": [
    {
      line: "const since = history.length < historyKept ? createdAt : Math.max(createdAt, history[0]?.at ?? createdAt);",
      mistakes: ["history[0]?.at ?? createdAt  →  history[0]?.at"],
      because: "A full history has a first entry; only the type allows for none.",
    },
  ],
  "shared/reconcile/advance.ts": [
    {
      line: "const rowsAhead = (campaign.pacedRate ?? rate) < rate ? 0 : progress.queuedRows;",
      mistakes: ["campaign.pacedRate ?? rate  →  campaign.pacedRate"],
      because: "Undefined is not below anything either.",
    },
  ],
  "shared/reconcile/campaign-index.ts": [
    {
      line: "const isDue = ({ renewedAt = 0 }: IndexSummary, keepDays: number | undefined, now: number): boolean =>",
      mistakes: ["0  →  1"],
      because: "A millisecond of 1970.",
    },
    {
      line: "const entriesOf = async (page: number) => (page < 1 ? [] : ((await readPage(page))?.entries ?? []));",
      mistakes: ["1  →  0"],
      because: "Pages are numbered from 1: the one before the first is not there when it is asked for.",
    },
    {
      line: "const stored = page < 1 ? undefined : await readPage(page);",
      mistakes: ["1  →  0"],
      because: "Pages are numbered from 1: the one before the first is not there when it is asked for.",
    },
    {
      line: "const set = { v: itemVersion, pages, latestTurns: 0, written: 0 };",
      mistakes: ["0  →  1"],
      because: "Either sum is another than that of the pages, or is right.",
    },
    {
      line: "await table.update(pageKey(page), { when: {}, set, add: { turn: 1 } });",
      mistakes: ["1  →  2"],
      because: "Another turn is another turn.",
    },
    {
      line: "await table.update(summaryKey, { when: {}, set, add: { turn: 1 } });",
      mistakes: ["1  →  2"],
      because: "Another turn is another turn.",
    },
    {
      line: 'if (rest === undefined && ++attempt >= tries) throw new Error("The index of campaigns is changing too fast.");',
      mistakes: ["++attempt >= tries  →  (++attempt) > (tries)"],
      because: "Whether it gives up after ten attempts or eleven is the same to all.",
    },
    {
      line: "keepDays !== undefined && now - renewedAt > (Math.min(keepDays, renewDays) / 2) * dayMs;",
      mistakes: [
        "keepDays !== undefined && now - renewedAt > (Math.min(keepDays, renewDays) / 2) * dayMs  →  now - renewedAt > (Math.min(keepDays, renewDays) / 2) * dayMs",
      ],
      because: "What is made of undefined is not a number, and nothing is above that.",
    },
  ],
  "shared/reconcile/examine.ts": [
    {
      line: 'if (set.started === undefined || campaign.state === "ending") return campaign;',
      mistakes: [
        'set.started === undefined || campaign.state === "ending"  →  set.started === undefined',
        '"ending"  →  ""',
      ],
      because: "The report of a campaign that is ending notes the same start, as of the same instant.",
    },
    {
      line: "const when = { state: campaign.state, pass: campaign.pass, started: undefined };",
      mistakes: ["state: campaign.state  →  nothing", "pass: campaign.pass  →  nothing"],
      because: "Every command that changes state or pass notes the start itself, so that `started` is then set.",
    },
    {
      line: "Math.max(end?.at ?? createdAt, tally.lastRecordAt ?? 0);",
      mistakes: ["end?.at ?? createdAt  →  end?.at"],
      because: "A campaign that is ending says when it ended; only the type allows for none.",
    },
  ],
  "shared/reconcile/finish.ts": [
    {
      line: 'await campaigns.change(campaign, { state: "complete" }, { cleaned: true });',
      mistakes: ['state: "complete"  →  nothing'],
      because: "Nothing becomes of what is complete, and another campaign of the name is another run.",
    },
    {
      line: 'read === undefined || read.state === "refused" ? otherwise : read;',
      mistakes: ['read === undefined || read.state === "refused"  →  read.state === "refused"'],
      because: "The item of a campaign is never gone; only the type allows for that.",
    },
    {
      line: 'read === undefined || read.state === "refused" ? otherwise : read;',
      mistakes: ['read === undefined || read.state === "refused"  →  read === undefined', '"refused"  →  ""'],
      because: "A campaign is never refused later; only the type does not know.",
    },
    {
      line: "const completedAt = campaign.end?.at ?? campaign.createdAt;",
      mistakes: ["campaign.end?.at ?? campaign.createdAt  →  campaign.end?.at"],
      because: "A campaign that is ending says when it ended; only the type allows for none.",
    },
    {
      line: "const reportedAt = campaign.reportedAt ?? campaign.completedAt ?? now;",
      mistakes: ["campaign.reportedAt ?? campaign.completedAt ?? now  →  campaign.reportedAt ?? campaign.completedAt"],
      because: "A complete campaign says when it was completed; only the type allows for none.",
    },
    {
      line: "for await (const item of batches.between(campaign.name, 1, campaign.lastBatch)) {",
      mistakes: ["1  →  0"],
      because: "Batches are numbered from 1.",
    },
  ],
  "shared/reconcile/list-campaigns.ts": [
    {
      line: "if (due !== undefined && now < due) return;",
      mistakes: ["due !== undefined && now < due  →  now < due"],
      because: "Nothing is below undefined.",
    },
    {
      line: "await table.update(key, { when: { dueAt: due }, set: { v: itemVersion, dueAt } });",
      mistakes: ["dueAt: due  →  nothing"],
      because: "Who writes at the same moment writes the same, give or take some milliseconds.",
    },
    {
      line: "unreadable,",
      because: "A search for missed uploads finds by itself that an item cannot be read; with them, it saves that.",
    },
    {
      line: "if (own || clock.now() - markedAt(mark) > strayMs) await campaigns.settle(name, mark);",
      mistakes: ["clock.now() - markedAt(mark) > strayMs  →  (clock.now() - markedAt(mark)) >= (strayMs)"],
      because: "A millisecond of two days.",
    },
  ],
  "shared/reconcile/mailer.ts": [
    {
      line: 'if (campaign.state === "refused" || !hasNews(campaign)) continue;',
      mistakes: ['"refused"  →  ""', 'campaign.state === "refused" || !hasNews(campaign)  →  !hasNews(campaign)'],
      because: "What was refused has no news; only the type does not know.",
    },
    {
      line: '`- ${shorten(sentence(text), 600)}${lines.length > 0 ? ` (${linesInWords(lines, (count ?? 0) > lines.length)})` : ""}\\n`,',
      mistakes: ["count ?? 0  →  count"],
      because: "Undefined is not above anything.",
    },
  ],
  "shared/reconcile/refresh.ts": [
    {
      line: 'let shown = { at: Number.NEGATIVE_INFINITY, news: "" };',
      mistakes: ["at: Number.NEGATIVE_INFINITY  →  nothing"],
      because: "No news is an empty text, so that the first look shows its own whenever that is.",
    },
    {
      line: 'let shown = { at: Number.NEGATIVE_INFINITY, news: "" };',
      mistakes: ['news: ""  →  nothing'],
      because: "What was shown before all time is shown again, whatever it was.",
    },
    {
      line: 'if (campaign.state === "refused") continue;',
      because: "None of those that are live was refused; only the type does not know.",
    },
  ],
  "shared/reconcile/renew.ts": [
    {
      line: "const lately = Math.max(campaign.passStartedAt, campaign.tally.lastRecordAt ?? 0, progress.recordedAt);",
      mistakes: ["0  →  1"],
      because: "A pass began later than a millisecond after 1970.",
    },
  ],
  "shared/reconcile/restart.ts": [
    {
      line: "await account.change((state) => ({ account: restarted(state), result: undefined }));",
      mistakes: ["result: undefined  →  nothing"],
      because: "What is not there is undefined, too.",
    },
    {
      line: "result: undefined,",
      because: "What is not there is undefined, too.",
    },
  ],
  "shared/reconcile/sending-conditions.ts": [
    {
      line: 'other.state === "refused" || other.name === campaign.name || maySend(other, account, goesOnAt).kind !== "yes"',
      mistakes: [
        '"refused"  →  ""',
        'other.state === "refused" || other.name === campaign.name  →  other.name === campaign.name',
      ],
      because: "What was refused may never send; only the type needs to be told.",
    },
  ],
  "shared/reconcile/judge-approvals.ts": [
    {
      line: 'if (approved !== undefined) log.info("A campaign was approved.", { campaign: campaign.name });',
      because: "It decides only about a line in the log.",
    },
    {
      line: "pause: waiting.pause && { ...waiting.pause, reason: `The approval by ${by} does not count: ${why}.` },",
      mistakes: [
        "waiting.pause && { ...waiting.pause, reason: `The approval by ${by} does not count: ${why}  →  { ...waiting.pause, reason: `The approval by ${by} does not count: ${why}.` }",
      ],
      because: "What waits for approval is paused; only the type does not know.",
    },
    {
      line: 'if (decision.kind === "refused") return waiting;',
      because: "What was found to wait for this approval is not refused; only the type does not know.",
    },
  ],
  "shared/reconcile/look.ts": [
    {
      line: "if (first.length > 0 && deps.reporterFeedsFirst) await readSince(since);",
      mistakes: ["first.length > 0 && deps.reporterFeedsFirst  →  first.length > 0"],
      because: "Where the stack reads no replies nothing is read at any time.",
    },
    {
      line: "const now = (await Promise.all(reads)).filter((campaign) => campaign !== undefined);",
      mistakes: [
        "(await Promise.all(reads)).filter((campaign) => campaign !== undefined)  →  await Promise.all(reads)",
      ],
      because: "The item of a campaign is never gone; only the type allows for that.",
    },
    {
      line: "const share = Math.max(1, (queuedAheadMs / 1000) * (rate / Math.max(1, sending.length)));",
      mistakes: ["1  →  0"],
      because: "Any room gets a batch, however little it is, and where no campaign may send nobody asks for a share.",
    },
    {
      line: 'if (campaign.state === "refused") return [];',
      mistakes: ['"refused"  →  ""'],
      because: "None of those under way was refused; only the type does not know.",
    },
  ],
  "shared/reconcile/news.ts": [
    {
      line: "const thousandths = Math.floor((1000 * (tally.submitted + tally.skipped)) / Math.max(1, sendable));",
      mistakes: ["1  →  0", "1  →  2"],
      because: "A list of one row or none has news with every row in any case.",
    },
  ],
  "shared/reconcile/read-progress.ts": [
    {
      line: "recordedAt = Math.max(recordedAt, item.recordedAt ?? 0);",
      mistakes: ["item.recordedAt ?? 0  →  item.recordedAt", "0  →  1"],
      because: "What is no longer claimed says when it was recorded; only the type allows for none.",
    },
    {
      line: "const run = { prev: item.prev, to: item.batch, rows: item.rows, recordedAt: item.recordedAt ?? 0 };",
      mistakes: ["item.recordedAt ?? 0  →  item.recordedAt", "0  →  1"],
      because: "What is no longer claimed says when it was recorded; only the type allows for none.",
    },
    {
      line: "if (run.prev < campaign.mark || (run.prev < pointer && pointer < run.to)) continue;",
      mistakes: ["run.prev < pointer  →  (run.prev) <= (pointer)"],
      because: "A run that begins at the pointer has no row before it, and its batches say the same one by one.",
    },
  ],
  "shared/report/outcome-cursor.ts": [
    {
      line: "finished: () => over && index >= run.length,",
      mistakes: ["over && index >= run.length  →  over"],
      because: "Once the source is over, the run is empty.",
    },
  ],
  "shared/report/reasons.ts": [
    {
      line: "last = { id, group };",
      because: "It only saves looking for the group of many rows in a row.",
    },
  ],
  "shared/report/recent-reasons.ts": [
    {
      line: "reasons.add({ row, line: undefined }, status, explainOutcome(outcome, simulated), code, key);",
      mistakes: ["line: undefined  →  nothing"],
      because: "What is not there is undefined, too.",
    },
  ],
  "shared/report/result-files.ts": [
    {
      line: 'case "unknown":',
      because: "The last case gives back the status itself, which is this file's name, too.",
    },
  ],
  "shared/report/row-result.ts": [
    {
      line: "missing: { readonly recorded: boolean; readonly forgotten: boolean } = { recorded: false, forgotten: false },",
      mistakes: ["recorded: false  →  nothing", "forgotten: false  →  nothing"],
      because: "What is not there is false, too.",
    },
  ],
  "shared/send/account-changes.ts": [
    {
      line: "result: undefined,",
      because: "What is not there is undefined, too.",
    },
  ],
  "shared/send/claim-and-fire.ts": [
    {
      line: "if (firing === undefined) return { ...state, missed: 0 };",
      mistakes: ["missed: 0  →  nothing"],
      because: "Who reads it takes none for 0.",
    },
    {
      line: "if (firing === undefined) return { ...state, missed: 0 };",
      mistakes: ["0  →  1"],
      because: "Nothing was left to fire, and whoever then has nothing to fire is not asked what was missed.",
    },
    {
      line: "if (clock.now() > deadline) {",
      mistakes: ["clock.now() > deadline  →  (clock.now()) >= (deadline)"],
      because: "In a function's last millisecond nothing is fired either way.",
    },
    {
      line: "const missed = firing?.slots.probe === undefined ? (fired?.missed ?? 0) : 0;",
      mistakes: ["fired?.missed ?? 0  →  fired?.missed"],
      because: "Where nothing was fired no row missed its slot, and undefined is not above 0.",
    },
  ],
  "shared/send/claim-window.ts": [
    {
      line: "state = { turn: undefined };",
      mistakes: ["turn: undefined  →  nothing"],
      because: "What is not there is undefined, too.",
    },
  ],
  "shared/send/fire-rows.ts": [
    {
      line: "const volley: Volley = { withdrawn: false, calls: 0, missed: 0 };",
      mistakes: ["withdrawn: false  →  nothing"],
      because: "What is not there is not withdrawn.",
    },
  ],
  "shared/send/judge-verdict.ts": [
    {
      line: 'return { outcome: undefined, implication: { kind: "not-fired" } };',
      mistakes: ["outcome: undefined  →  nothing"],
      because: "What is not there is undefined, too.",
    },
  ],
  "shared/send/note-outcomes.ts": [
    {
      line: "let news = false;",
      mistakes: ["false  →  true"],
      because: "Nobody asks for news before there are some.",
    },
    {
      line: "let nextAt = clock.now() + (everyMs ?? 0);",
      mistakes: ["everyMs ?? 0  →  everyMs", "0  →  1"],
      because: "Where nothing is noted on the way nobody asks when.",
    },
  ],
  "shared/send/practise.ts": [
    {
      line: "const hourMs = 3_600_000;",
      mistakes: ["3_600_000  →  7200000"],
      because: "It only has to be far ahead.",
    },
    {
      line: 'const credentials = { username: "practice", password: "practice" };',
      mistakes: ['"practice"  →  ""'],
      because: "The phone system for practice takes whoever calls; the second is in what a test expects.",
    },
    {
      line: "secret: { current: async () => credentials, refresh: async () => credentials },",
      mistakes: ["refresh: async () => credentials  →  nothing"],
      because: "They are read again where they are refused, and the phone system for practice refuses nobody.",
    },
    {
      line: "log: { info: () => {}, warn: () => {}, error: () => {} },",
      mistakes: ["info: () => {}  →  nothing", "warn: () => {}  →  nothing", "error: () => {}  →  nothing"],
      because: "What is not there throws where it is called, and whatever goes wrong in practice is kept quiet.",
    },
    {
      line: "execution.handle({ body: JSON.stringify(practiceBatch(index + 1)), receiveCount: 1 }, deadline),",
      mistakes: ["1  →  2", "receiveCount: 1  →  nothing", "1  →  0"],
      because: "Batches can have any numbers, and what came before is read once more, with nothing found.",
    },
    {
      line: '[idOf({ pk: "campaigns", sk: campaign.name }), { v: itemVersion, ...campaign }],',
      mistakes: ["v: itemVersion  →  nothing"],
      because: "An item without a format has the first, which is this one until there is a second.",
    },
    {
      line: 'await real.update(nowhere, { when: { v: "never" }, set });',
      mistakes: ['"never"  →  ""'],
      because: "No item has either of them in place of its format's number, and there is no item.",
    },
    {
      line: "query: async function* () {},",
      because: "A sender reads single items; only the type wants all that a table can do.",
    },
    {
      line: "row: index + 1,",
      mistakes: ["1  →  2"],
      because: "Rows can have any numbers.",
    },
    {
      line: 'snumber: "0",',
      mistakes: ['"0"  →  ""'],
      because: "The phone system for practice does not look at it.",
    },
    {
      line: "const unread = 0;",
      because: "Nobody looks at it while sending.",
    },
    {
      line: 'dialect: { encoding: "", guessed: false, delimiter: "" },',
      mistakes: ["false  →  true"],
      because: "Nobody looks at it while sending.",
    },
    {
      line: "pass: 1,",
      mistakes: ["1  →  2"],
      because: "In a later pass what came before is read first, with nothing found.",
    },
  ],
  "shared/send/sender.ts": [
    {
      line: "connectTimeoutMs: defaultConnectTimeoutMs,",
      because: "The HTTP library waits the same ten seconds by itself; it is said because that may change.",
    },
    {
      line: "const answerStats: AnswerStats = { answered: false, accepted: false, answerMs: 0 };",
      mistakes: ["answered: false  →  nothing", "accepted: false  →  nothing"],
      because: "What was not seen is not there either; only the types want it said.",
    },
    {
      line: "const answerStats: AnswerStats = { answered: false, accepted: false, answerMs: 0 };",
      mistakes: ["0  →  1"],
      because:
        "At no rate that there is does a millisecond make more room in the air than the least that there always is.",
    },
  ],
  "shared/send/tally.ts": [
    {
      line: "const broken = recentCalls < 0 || recentFailed < 0;",
      mistakes: ["recentCalls < 0  →  (recentCalls) <= (0)"],
      because: "A window without calls begins again as one without calls.",
    },
  ],
  "shared/send/next-step.ts": [
    {
      line: "stale: how.stale ?? false,",
      mistakes: ["how.stale ?? false  →  how.stale"],
      because: "What is not said to be stale is not.",
    },
    {
      line: 'if (!rowsLeft || credentials === undefined) return { kind: "claim", state, progress, firing: undefined };',
      mistakes: ["!rowsLeft || credentials === undefined  →  !rowsLeft"],
      because: "Rows without credentials have paused the account four lines before; only the type does not know.",
    },
    {
      line: "from !== undefined && from - now <= nearlyMs ? giveBack(from - now + 1_000, true) : acknowledge;",
      mistakes: ["from !== undefined && from - now <= nearlyMs  →  from - now <= nearlyMs"],
      because: "What comes of undefined is not a number, which is not below anything.",
    },
  ],
};

/** Whether a mutant is one of `known`: it is not tried, and the score is without it. */
export const isEquivalent = (mutant: Mutant, known = equivalents): boolean =>
  known[mutant.path]?.some(
    ({ line, mistakes }) =>
      line === mutant.lineText && (mistakes === undefined || mistakes.includes(mistakeOf(mutant))),
  ) ?? false;
