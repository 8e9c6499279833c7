import { expect, test } from "vitest";
import { describeRow, judgedCsv } from "./judged-csv.ts";

/** What becomes of a row of a report with this status and detail. */
async function judged(status: string, detail: string) {
  const csv = `phone,send_status,send_detail\n07700900001,${status},"${detail}"\n`;
  const { rows } = await judgedCsv(csv, { country: "GB", snumber: "01632960000", message: "Hi" });
  return rows.map(describeRow).join("").split(":")[0];
}

test.each([
  ["submitted", "Accepted by Enswitch for sending."],
  ["unknown", ""],
  ["skipped", "Already submitted, as send_status says"],
  ["", "Already submitted, as send_status says"],
  ["skipped", "Perhaps already submitted: send_status is unknown"],
  // Whoever adds a remark of his own does not take anything back.
  ["skipped", "Already submitted, as send_status says (checked by Bert)"],
  ["skipped", "Perhaps already submitted: send_status is unknown - asked her"],
])("a row with %j, %j is not sent again", async (status, detail) => {
  expect(await judged(status, detail)).toBe("row 1 line 2 skipped");
});

test.each([
  ["failed", "Already submitted"],
  ["skipped", "The number has an earlier row"],
  ["", "(Already submitted, as send_status says)"],
])("a row with %j, %j is", async (status, detail) => {
  expect(await judged(status, detail)).toBe("row 1 line 2 send +447700900001");
});
