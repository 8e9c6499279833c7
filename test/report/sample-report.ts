import type { Outcome } from "../../shared/ledger/outcome.ts";
import type { RowLine } from "../../shared/plan/plan.ts";
import { finalSummary } from "../../shared/report/final-summary.ts";
import { reportPage } from "../../shared/report/page/report-page.ts";
import { writeReport } from "../../shared/report/write-report.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { accepted, campaign, head, stream, unsent } from "./factories.ts";

/** What a customer's file can say to harm a page. */
export const nasty = [
  "</script><script>document.title='owned'</script>",
  "<img src=x onerror=\"document.title='owned'\">",
  "\u202Egnp.exe\u202C",
  "]]><!--\u0000\u0007",
  "\"'><svg onload=alert(1)>",
  "مرحبا يا آنا",
];

/** What the reading of a list can have noticed. */
export const warnings = [
  {
    code: "encoding-guessed",
    text: 'The file does not say in which encoding it is written; it was read as Windows-1252. If the letters below look wrong, upload it again with the option "encoding".',
    examples: ["Zoë", "Café Olé"],
  },
  {
    code: "literal-null",
    text: "Some cells say NULL, which is sent as it stands.",
    count: 23,
    lines: [4, 12, 57],
    examples: ["NULL"],
  },
  {
    code: "opted-out",
    text: `A column “${nasty[0]}” says who does not want messages, and nothing reads it.`,
    count: 1,
    lines: [7],
    examples: nasty,
  },
];

const rows = 12_000;
const name = "2026/spring <b>sale</b>";

/** A finished campaign of 12,000 rows at ten a second, with an outage, a lunch break, and every status in it. */
export async function sampleReport() {
  const lines: RowLine[] = [];
  const outcomes: Outcome[] = [];
  for (let row = 1; row <= rows; row += 1) {
    const cells = [`Person ${row}`, `+44 7700 9${String(row).padStart(5, "0")}`, nasty[row % nasty.length] ?? ""];
    if (row % 97 === 0) {
      lines.push({ ...unsent(cells, "invalid", "The number has too few digits.", 0), line: row + 1 });
      continue;
    }
    if (row % 113 === 0) {
      lines.push({ ...unsent(cells, "skipped", "The same number stands in an earlier row.", 1), line: row + 1 });
      continue;
    }
    lines.push({ cells, segments: row % 9 === 0 ? 2 : 1, line: row + 1 });
    if (row > 11_800) continue;
    const at = nineOClock + row * 100 + (row > 7_000 ? 15 * 60_000 : 0);
    const ms = 40 + ((row * 7919) % 60) + (row % 200 === 0 ? 900 : 0) + (row > 4_000 && row < 5_200 ? 150 : 0);
    const base = { row, attempts: 1, at, ms };
    if (row % 61 === 0) {
      outcomes.push({ ...base, status: "failed", code: 400, key: "cnumber", detail: `${nasty[1]} is barred` });
    } else if (row % 301 === 0) {
      outcomes.push({ ...base, status: "failed", code: 403, key: "", detail: "Not allowed" });
    } else if (row > 4_990 && row < 5_020) {
      outcomes.push({ ...base, ms: 20_000, status: "unknown", detail: "no answer within 20 s" });
    } else {
      outcomes.push(accepted(row, base));
    }
  }
  const ended = campaign({
    name,
    rows,
    end: { why: "cancelled", by: "Bert Brown", at: nineOClock + 36 * 60_000 },
    uploadedBy: "anna@example.com",
    jsonVersion: "2",
    options: {
      message: "Hello {{Name}}, our spring sale begins on Monday. Reply STOP to opt out.",
      country: "GB",
      window: { days: ["mon", "tue", "wed"], from: "09:00", to: "20:00", timezone: "Europe/London" },
      stopAfterFailures: { after: 50, rate: 0.5 },
    },
    defaults: { snumber: "02079460000" },
    dialect: { encoding: "windows-1252", guessed: true, delimiter: ";" },
    history: [
      { what: "uploaded", by: "anna@example.com", at: nineOClock },
      { what: "paused", by: "Bert Brown", at: nineOClock + 12 * 60_000 },
      { what: "resumed", by: "Bert Brown", at: nineOClock + 26 * 60_000 },
      { what: "cancelled", by: "Bert Brown", at: nineOClock + 36 * 60_000 },
    ],
    ignored: [{ version: "3", reason: "spring.json was uploaded after the campaign had begun; it changed nothing." }],
  });
  const countOf = (status: string) => lines.filter(({ unsent: why }) => why?.status === status).length;
  const plan = head(["Name", "Mobile <i>", "Note"], {
    numberColumn: 1,
    samples: ["Zoë", "Café Olé"],
    warnings,
    problems: [
      {
        status: "invalid",
        reason: "The number has too few digits.",
        count: countOf("invalid"),
        rows: [97, 194, 291],
        lines: [98, 195, 292],
        examples: ["0770", nasty[0] ?? ""],
      },
      {
        status: "skipped",
        reason: "The same number stands in an earlier row.",
        count: countOf("skipped"),
        rows: [113, 226, 339],
        lines: [114, 227, 340],
        examples: [],
      },
    ],
  });
  const bucket = createMemoryBucket();
  const figures = await writeReport(
    { bucket },
    {
      campaign: ended,
      head: plan,
      rows: stream(lines),
      outcomes: stream(outcomes),
      completedAt: nineOClock + 37 * 60_000,
    },
  );
  const summary = finalSummary(ended, plan, figures, 10);
  return { summary, figures, page: reportPage(summary, figures) };
}
