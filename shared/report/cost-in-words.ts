import type { Cost } from "../campaign/prices.ts";
import { counted } from "../in-words.ts";
import type { Summary } from "./summary.ts";

/** What a campaign costs, in sentences for a person: estimated, and once it is over, of what was submitted. Empty without prices. */
export function costLines({ cost }: Pick<Summary, "cost">): readonly string[] {
  if (cost === undefined) return [];
  const { currency, estimated, submitted } = cost;
  if (submitted === undefined) return [`Estimated cost: ${costInWords(currency, estimated)}`];
  return [
    `Cost of what was submitted, by the prices set: ${costInWords(currency, submitted)}`,
    `Estimated before: ${moneyInWords(currency, estimated.amount)}.`,
  ];
}

/** A cost with what it consists of: "£412.36: GB £400.00 (10,000 segments), …", and what has no price of its own. */
export function costInWords(currency: string, cost: Cost): string {
  const { parts, notes } = costDetails(currency, cost);
  const head = moneyInWords(currency, cost.amount);
  return [`${head}${parts === "" ? "" : `: ${parts}`}.`, ...notes].join(" ");
}

/** Its parts by country, and sentences about countries without a price of their own. */
export function costDetails(
  currency: string,
  { countries }: Cost,
): { readonly parts: string; readonly notes: readonly string[] } {
  const priced = countries.flatMap(({ amount, country, segments }) =>
    amount === undefined
      ? []
      : [`${nameOf(country)} ${moneyInWords(currency, amount)} (${counted(segments, "segment")})`],
  );
  const byDefault = countries.filter((part) => part.byDefault).map(({ country }) => nameOf(country));
  const without = countries.filter(({ price }) => price === undefined);
  const unpriced = without.reduce((sum, { segments }) => sum + segments, 0);
  return {
    parts: some(priced),
    notes: [
      ...(byDefault.length === 0 ? [] : [`At the default price: ${some(byDefault)}.`]),
      ...(without.length === 0
        ? []
        : [
            `There is no price for ${some(without.map(({ country }) => nameOf(country)))}: ${counted(unpriced, "segment")} not in this sum.`,
          ]),
    ],
  };
}

/** Countries that are named; `summary.json` has them all. */
const shown = 12;

const some = (words: readonly string[]) =>
  words.length <= shown
    ? words.join(", ")
    : `${words.slice(0, shown).join(", ")} and ${counted(words.length - shown, "other country", "other countries")}`;

const nameOf = (country: string | undefined) => country ?? "unknown country";

/** An amount as people write it, in the currency's usual decimals; a little is not nothing. */
export function moneyInWords(currency: string, amount: number): string {
  const format = new Intl.NumberFormat("en-GB", { style: "currency", currency });
  const least = 10 ** -(format.resolvedOptions().maximumFractionDigits ?? 2);
  return amount > 0 && amount < least / 2 ? `less than ${format.format(least)}` : format.format(amount);
}
