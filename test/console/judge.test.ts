import { describe, expect, it } from "vitest";
import type { Objects, Storing } from "../../console/cloud/cloud.ts";
import { createJudge, type JudgingState, judgedBy } from "../../console/list/judge.ts";
import { abilitiesOf } from "../../console/page/abilities.ts";
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
  it("has no judgement but that of the last options", async () => {
    const { objects, versions, judge } = createBucket();
    let now: JudgingState | undefined;
    let shown = 0;
    const judging = createJudge({
      objects,
      name: "mine/spring",
      format: "csv",
      list: new Blob(["to\n+447700900001\n"]),
      show: (state) => {
        shown += 1;
        now = state;
      },
    });
    const judged = (options: string) => now && judgedBy(now, options);
    try {
      judging.judge("{}");
      await until("the list is stored", () => versions["csv"] !== undefined);
      judge(1);
      expect((await until("it is judged", () => judged("{}"))).remaining).toBe(1);
      expect(judged('{"country":"GB"}')).toBeUndefined();

      const first = { ...versions };
      judging.judge('{"country":"GB"}');
      await until("the new options are stored", () => versions["json"] !== first["json"]);
      expect(versions["csv"]).toBe(first["csv"]);
      // The judgement of the options before is still all that there is, however often one looks.
      const before = shown;
      await until("it was looked for", () => shown > before + 2);
      expect(now).toMatchObject({ kind: "judging", before: { remaining: 1 } });
      judge(2);
      expect((await until("it is judged again", () => judged('{"country":"GB"}'))).remaining).toBe(2);
    } finally {
      judging.stop();
    }
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
