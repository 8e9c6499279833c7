import { describe, expect, it } from "vitest";
import type { Objects, Storing } from "../../console/cloud/cloud.ts";
import { createDraft, judgedNow, sortOut } from "../../console/list/draft.ts";
import { abilitiesOf } from "../../console/page/app.ts";
import { noFields } from "../../console/text/fields.ts";
import { liveSummary } from "../../shared/report/live-summary.ts";
import { campaign } from "../report/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { until } from "../support/until.ts";

/** A bucket whose check judges when it is told to, and only what was stored by then. */
function createBucket() {
  const versions: Record<string, string> = {};
  let stored = 0;
  let judged: string | undefined;
  const objects: Objects = {
    text: async () => judged,
    download: async () => undefined,
    store: async ({ key }: Storing) => {
      stored += 1;
      versions[key.split(".").at(-1) ?? ""] = String(stored);
      return { kind: "stored", version: String(stored) };
    },
    pages: async function* () {},
  };
  const judge = (remaining: number, of = { ...versions }) => {
    const live = liveSummary(campaign(), { account: { rate: 10 } }, nineOClock);
    const checked = { list: of["csv"], options: of["json"] };
    judged = JSON.stringify({ ...live, state: "checked", remaining, checked });
  };
  return { objects, versions, judge };
}

describe("a list that is made ready", () => {
  it("is sent by no judgement but that of what its fields say now", async () => {
    const { objects, versions, judge } = createBucket();
    const draft = createDraft(
      { objects },
      {
        kind: "list",
        list: new File(["to\n+447700900001\n"], "spring.csv"),
        format: "csv",
        fields: noFields,
      },
    );
    try {
      await until("the list is stored", () => versions["csv"] !== undefined && versions["json"] !== undefined);
      judge(1);
      expect((await until("it is judged", () => judgedNow(draft))).summary.remaining).toBe(1);

      const first = { ...versions };
      draft.change({ writes: true, message: "Hello" });
      expect(judgedNow(draft)).toBeUndefined();
      await until("the new options are stored", () => versions["json"] !== first["json"]);
      // The judgement of the options before is still all that there is.
      judge(1, first);
      const looked = Date.now();
      await until("it has been looked at again", () => Date.now() - looked > 700);
      expect(draft.judgement.value).toMatchObject({ kind: "judging", before: { remaining: 1 } });
      judge(2);
      const now = await until("it is judged again", () => judgedNow(draft));
      expect(now).toMatchObject({ summary: { remaining: 2 }, options: { options: { message: "Hello" } } });
      // What was typed and taken back is what was judged.
      draft.change({ country: "x" });
      expect(judgedNow(draft)).toBeUndefined();
      draft.change({ country: "" });
      expect(judgedNow(draft)).toBeDefined();
    } finally {
      draft.discard();
    }
  });

  it.each([
    ["nothing of a kind that is sent", [new File(["x"], "letter.docx")], "That is no list"],
    ["two lists", [new File(["x"], "a.csv"), new File(["x"], "b.xlsx")], "more than one list"],
    ["an empty file", [new File([], "a.csv")], "is empty"],
    ["options that are wrong", [new File(["x"], "a.csv"), new File(['{"colour":1}'], "a.json")], "colour"],
  ])("is not %s", async (_, files, words) => {
    expect(await sortOut(files)).toMatchObject({ kind: "fault", reason: expect.stringContaining(words) });
  });
});

describe("what somebody is offered", () => {
  it.each([
    ["uploader", ["uploader"], { upload: true, read: false, operate: false, approve: false }],
    ["reader", ["reader"], { upload: false, read: true, operate: false, approve: false }],
    ["operator", ["operator"], { upload: true, read: true, operate: true, approve: false }],
    ["approver", ["approver"], { upload: false, read: true, operate: false, approve: true }],
  ] as const)("as %s", (_, roles, abilities) => {
    expect(abilitiesOf(roles)).toEqual(abilities);
  });
});
