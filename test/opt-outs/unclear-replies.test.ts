import { expect, it } from "vitest";
import { createUnclearReplies, openReplies } from "../../shared/opt-outs/unclear-replies.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";

const day = 24 * 3600_000;
const reply = (id: number, at = nineOClock) => ({ id: String(id), number: "+447700900001", at, text: `stop ${id}` });
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

it("keeps the newest replies, of people and of senders each, in their order", async () => {
  const replies = createUnclearReplies({ table: createMemoryTable() });
  await replies.add(
    range(0, 150).flatMap((id) => [reply(id), { ...reply(1_000 + id), sender: true as const }]),
    nineOClock,
  );
  await replies.add(
    range(150, 250).map((id) => reply(id)),
    nineOClock,
  );
  const ids = (await replies.all()).map(({ id }) => Number(id));
  expect(ids.filter((id) => id < 1_000)).toEqual(range(50, 250));
  expect(ids.filter((id) => id >= 1_000)).toEqual(range(1_050, 1_150));
  expect(ids.indexOf(1_050)).toBeLessThan(ids.indexOf(150));
});

it("keeps each reply once, and for ninety days", async () => {
  const replies = createUnclearReplies({ table: createMemoryTable() });
  await replies.add([reply(1)], nineOClock);
  await replies.add([reply(1), reply(2, nineOClock + day)], nineOClock + day);
  expect((await replies.all()).map(({ id }) => id)).toEqual(["1", "2"]);
  await replies.add([reply(3, nineOClock + 90 * day)], nineOClock + 90 * day);
  expect((await replies.all()).map(({ id }) => id)).toEqual(["2", "3"]);
});

it("a STOP is open until its number is opted out, and a START as long as it is", () => {
  const [stop, start] = [
    { ...reply(1), text: "please stop" },
    { ...reply(2), text: "Start!" },
  ];
  expect(openReplies([stop, start], () => false)).toEqual([stop]);
  expect(openReplies([stop, start], () => true)).toEqual([start]);
});
