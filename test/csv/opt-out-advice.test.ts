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

test("a value is counted once however it is spelt, and named as it came first", () => {
  const values = createDistinctValues();
  for (const value of ["No", "NO ", "ｎｏ", "never"]) values.add(value);
  expect(values.all()).toEqual(["No", "never"]);
  values.add(`${"x".repeat(100)}`);
  values.add(`${"x".repeat(100)} or longer`);
  expect(values.all()).toBeUndefined();
});

test("of what options leave out already, nothing is lost", () => {
  const date = column("Stop", ["2024-05-01"], { skipped: true, other: true });
  expect(optOutAdvice(date, { columns: [date], rows: 1, skipWhere: { column: "Stop", is: ["old"] } })).toContain(
    '"skipWhere": {"column":"Stop","is":["2024-05-01","old"]}.',
  );
});

test("what cannot be listed is not left out by guessing", () => {
  const long = column("Stop", ["x".repeat(101)], { skipped: true });
  expect(optOutAdvice(long, { columns: [long], rows: 1, skipWhere: { column: "Stop", isNot: ["vip"] } })).toContain(
    "can hardly list what they say there: delete these rows,",
  );
  const dated = column("Stop", ["2024-05-01"], { other: true, stay: createDistinctValues(false) });
  expect(optOutAdvice(dated, { columns: [dated], rows: 1, skipWhere: undefined })).toContain(
    '"skipWhere": {"column":"Stop","is":["2024-05-01"]}.',
  );
});

test("the column that options name already is told without the blanks around it", () => {
  const stop = column("Stop", ["yes"]);
  expect(optOutAdvice(stop, { columns: [stop], rows: 1, skipWhere: { column: " Branch ", is: ["x"] } })).toContain(
    'and names "Branch" already',
  );
});
