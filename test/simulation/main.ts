import { parseArgs } from "node:util";
import { simulate } from "./simulate.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "300" },
    from: { type: "string" },
    seed: { type: "string" },
    rows: { type: "string" },
  },
});
const rows = values.rows === undefined ? undefined : Number(values.rows);
if (values.seed !== undefined) {
  const run = await simulate(Number(values.seed), { rows });
  console.log(run.trace.join("\n"));
  console.log(JSON.stringify(run.failures, null, 1), run.events, run.lasted, run.calls);
} else {
  const from = Number(values.from ?? 1);
  const begun = Date.now();
  let bad = 0;
  const kinds = new Map<string, number[]>();
  for (let seed = from; seed < from + Number(values.seeds); seed++) {
    const t = Date.now();
    const run = await simulate(seed, { rows });
    const ms = Date.now() - t;
    if (ms > 500) console.log("slow", seed, ms, run.events, run.lasted);
    if (run.failures.length > 0) {
      bad++;
      console.log(
        seed,
        run.failures
          .slice(0, 2)
          .map((f) => `${f.invariant}: ${f.message.slice(0, 200)}`)
          .join("\n     "),
      );
      for (const f of new Set(run.failures.map((f) => f.invariant))) kinds.set(f, [...(kinds.get(f) ?? []), seed]);
    }
  }
  console.log(kinds);
  console.log(`${bad} of ${values.seeds} failed, ${Date.now() - begun} ms`);
}
