import { expect, test } from "vitest";
import { createDistinctValues, type OptOutColumn, optOutAdvice } from "../../shared/csv/opt-out-advice.ts";

/** A column that says so by these values, and has the others in rows that are to be sent to. */
function column(name: string, out: readonly string[], given: Partial<OptOutColumn> = {}): OptOutColumn {
  const values = createDistinctValues();
  for (const value of out) values.add(value);
  const stay = createDistinctValues();
  return { name, skipped: false, sure: true, usual: [], out: values, stay, other: false, rows: out.length, ...given };
}

test("values are listed while people would read them: 20 of at most 100 characters", () => {
  const values = createDistinctValues();
  values.add("x".repeat(100));
  expect(values.all()).toHaveLength(1);
  values.add("y".repeat(101));
  expect(values.all()).toBeUndefined();
  const many = createDistinctValues();
  for (let value = 0; value < 20; value++) many.add(`no ${value}`);
  many.add("NO 3");
  expect(many.all()).toHaveLength(20);
  many.add("no 20");
  expect(many.all()).toBeUndefined();
});

test("where options cannot name a column, its empty cells are called nothing", () => {
  const consent = column("Consent", ["", "no"]);
  const stop = column("Stop", ["yes", "yes please", "y"]);
  const advice = optOutAdvice(consent, { columns: [consent, stop], rows: 5, skipWhere: undefined });
  expect(advice).toContain('best "Stop": delete the rows that say nothing or "no" there,');
});

test("of what options keep in, a value goes that says so by one of its tags", () => {
  const tags = column("Tags", ["no-sms"], { skipped: true });
  const skipWhere = { column: "Tags", isNot: ["vip", "vip; no-sms"] };
  expect(optOutAdvice(tags, { columns: [tags], rows: 1, skipWhere })).toContain(
    'To leave them out, too, put this into the options: "skipWhere": {"column":"Tags","isNot":["vip"]}.',
  );
});

test("where nothing would be left of what options keep in, the rows are to be deleted", () => {
  const tags = column("Tags", ["no-sms"], { skipped: true });
  const advice = optOutAdvice(tags, { columns: [tags], rows: 1, skipWhere: { column: "Tags", isNot: ["no-sms"] } });
  expect(advice).toContain('can hardly list what they say there: delete the rows that say "no-sms" there,');
});
