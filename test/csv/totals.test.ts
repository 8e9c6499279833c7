import { expect, test } from "vitest";
import type { RowVerdict } from "../../shared/csv/row-verdict.ts";
import { createTotalsCounter } from "../../shared/csv/totals.ts";

const send = (
  segments: number,
  more: { message?: string; zone?: number; footed?: true; unicode?: boolean } = {},
): RowVerdict => ({
  kind: "send",
  segments,
  unicode: more.unicode ?? false,
  footed: more.footed,
  send: {
    row: 1,
    cnumber: "+447700900001",
    message: more.message ?? "Hi",
    snumber: "1",
    stype: "",
    customer: undefined,
    own: undefined,
    files: undefined,
    zone: more.zone,
  },
});

test("rows are counted by what becomes of them, by their segments and by their zones", () => {
  const totals = createTotalsCounter();
  const verdicts: readonly RowVerdict[] = [
    send(1, { zone: 0 }),
    send(2, { zone: 1, footed: true }),
    send(10, { zone: 1 }),
    send(2),
    { kind: "skipped", segments: 1, problem: "suppressed", detail: "suppressed", planned: { zone: 1 } },
    { kind: "skipped", segments: 1, problem: "again", detail: "again" },
    { kind: "invalid", segments: 0, problem: "no number", detail: "no number" },
  ];
  for (const [at, verdict] of verdicts.entries()) totals.add(verdict, at + 1, at + 2);
  expect(totals.totals([["Europe/Paris"], ["Europe/London", "Europe/Dublin"], ["Asia/Tokyo"]])).toMatchObject({
    rows: 7,
    sendable: 4,
    invalid: 1,
    skipped: 2,
    footed: 1,
    segments: { total: 15, distribution: { "1": 1, "2": 2, "10": 1 } },
    zones: [
      { zones: ["Europe/Paris"], rows: 1 },
      { zones: ["Europe/London", "Europe/Dublin"], rows: 2 },
      { zones: ["Asia/Tokyo"], rows: 0 },
    ],
    planned: { sendable: 5, zones: [{ rows: 1 }, { rows: 3 }, { rows: 0 }] },
    countries: undefined,
    unicode: { rows: 0, causes: [] },
  });
  expect(totals.totals().zones).toBeUndefined();
});

test("characters that cost the GSM alphabet are counted once a row, the most frequent first, and fifty at most", () => {
  const totals = createTotalsCounter(() => "GB");
  totals.add(send(1, { message: "жж", unicode: true }), 1, 2);
  totals.add(send(1, { message: "жя", unicode: true }), 2, 3);
  totals.add(send(1, { message: "я-я-ш", unicode: true }), 3, 4);
  totals.add(send(1, { message: "яя" }), 4, 5);
  const some = totals.totals();
  expect(some.unicode).toEqual({
    rows: 3,
    causes: [
      { character: "ж", rows: 2 },
      { character: "я", rows: 2 },
      { character: "ш", rows: 1 },
    ],
  });
  expect(some.countries).toEqual({ GB: { messages: 4, segments: 4 } });
  const many = Array.from({ length: 60 }, (_, at) => String.fromCharCode(0x4e00 + at)).join("");
  totals.add(send(1, { message: many, unicode: true }), 5, 6);
  totals.add(send(1, { message: many, unicode: true }), 6, 7);
  const { causes } = totals.totals().unicode;
  expect(causes).toHaveLength(50);
  expect(causes.map(({ rows }) => rows)).toEqual([...Array(49).fill(2), 1]);
});
