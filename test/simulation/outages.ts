import { createPhoneSystem, type Outage, type PhoneSystem } from "./phone-system.ts";
import { randomFor } from "./random.ts";
import type { RunContext } from "./run-context.ts";
import type { SimSecret } from "./secret.ts";
import type { Witness } from "./witness.ts";

/**
 * The phone system of a run with its outages, which begin at the call or the time that the scenario says.
 * An outage of the credentials is a new password, which the secret gets at the end of it.
 */
export function createFaultyPhoneSystem(
  { seed, scenario, time, rates, faultsUntil, note }: RunContext,
  secret: SimSecret,
  witness: Pick<Witness, "called" | "accepted">,
  listed: () => void,
): { readonly phoneSystem: PhoneSystem; readonly outages: readonly Outage[] } {
  const outages = scenario.outages.map(
    ({ kind }): Outage => ({ kind, from: Number.POSITIVE_INFINITY, until: Number.POSITIVE_INFINITY }),
  );
  const begin = (index: number) => {
    const [outage, planned] = [outages[index], scenario.outages[index]];
    if (outage === undefined || planned === undefined || outage.from <= time.now() || time.now() >= faultsUntil) return;
    outage.from = time.now();
    outage.until = time.now() + planned.lastsMs;
    note(`the phone system is ${outage.kind} for ${planned.lastsMs} ms`);
    if (outage.kind !== "credentials") return;
    phoneSystem.setPassword(secret.freshPassword());
    time.at(outage.until, secret.storePassword);
  };
  scenario.outages.forEach(({ atCall, afterMs }, index) => {
    time.at(scenario.start + (atCall === 0 ? 0 : afterMs), () => begin(index));
  });
  const phoneSystem = createPhoneSystem({
    seed,
    time,
    random: randomFor(seed, "phone system"),
    faults: {
      outages,
      until: faultsUntil,
      lostAnswers: scenario.answers.lost,
      answerMs: scenario.answers.usualMs,
      slowAnswers: scenario.answers.slow,
      badRows: scenario.answers.bad,
    },
    answerTimeoutMs: rates.answerTimeoutMs,
    password: secret.current().password,
    observe: (call) => {
      witness.called(call);
      scenario.outages.forEach(({ atCall }, index) => {
        if (phoneSystem.calls.length === atCall) begin(index);
      });
    },
    accepts: witness.accepted,
    listed,
  });
  return { phoneSystem, outages };
}
