import { expect, test } from "vitest";
import { createReceivedTexts } from "../../../infra/local/enswitch-simulator/received-texts.ts";
import { createReplyReader } from "../../../shared/opt-outs/words.ts";

const user = {
  username: "ann",
  password: "secret",
  mayReadTexts: true,
  privileged: true,
  forbiddenPrefixes: [],
} as const;
const asking = new Map([
  ["auth_username", user.username],
  ["auth_password", user.password],
  ["end", "2000000000"],
]);

test("of those who answer some write what only a person can understand, and who that is depends on the number alone", () => {
  const received = () => {
    const texts = createReceivedTexts();
    for (let person = 0; person < 400; person++) {
      const message = new Map([["cnumber", `4477009${10_000 + person}`]]);
      texts.answer(message, 0, { share: 0.5, unclear: 0.25 });
    }
    const { data = [] } = texts.list({ values: asking, malformed: [], inUrl: [] }, user, 0);
    return data.flatMap((text) => ("body" in text ? [String(text.body)] : []));
  };
  const all = received();
  expect(all.length).toBeGreaterThan(150);
  expect(all.length).toBeLessThan(250);
  const reader = createReplyReader();
  const others = all.filter((body) => body !== "STOP");
  expect(others.length).toBeGreaterThan(all.length / 8);
  expect(others.length).toBeLessThan(all.length / 2);
  const kinds = new Map(others.map((body) => [body, reader.read(body).kind]));
  expect([...kinds.values()]).toEqual(Array.from({ length: 4 }, () => "unclear"));
  expect(received()).toEqual(all);
});
