import * as z from "zod";

/** What a segment costs by country (ISO code), and in all others as `default`, in a currency (ISO 4217). */
export const Prices = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/),
  perSegment: z.record(z.string(), z.number().nonnegative()),
});
export type Prices = z.infer<typeof Prices>;

const count = z.int().nonnegative();

/** Messages and their segments by country (ISO code); "" has those whose country cannot be told. */
export const CountrySegments = z.record(z.string(), z.object({ messages: count, segments: count }));
export type CountrySegments = z.infer<typeof CountrySegments>;

/** What messages cost. Amounts are in the currency's main unit, exact to a millionth. */
export const Cost = z.object({
  amount: z.number().nonnegative().describe("What the messages with a price cost."),
  countries: z
    .array(
      z.object({
        country: z.string().optional().describe("ISO code; missing where a number's country cannot be told."),
        messages: count,
        segments: count,
        price: z.number().nonnegative().optional().describe("Of a segment; missing where there is none."),
        byDefault: z.boolean().optional().describe("Whether the price is the default one."),
        amount: z.number().nonnegative().optional(),
      }),
    )
    .describe("By country, the most expensive first."),
});
export type Cost = z.infer<typeof Cost>;

/** Whole units of money that no sum of floats can get wrong: millionths of the currency's main unit. */
const millionth = 1_000_000;

/** The highest price of a segment: with it, a campaign's sum is still exact. */
export const highestPrice = 1_000_000;

/** Whether a price is a number of millionths. */
export const isExactPrice = (price: number): boolean =>
  price <= highestPrice && Math.round(price * millionth) / millionth === price;

/** What messages cost, in any order of countries the same to the last digit. */
export function costOf({ perSegment }: Prices, segmentsByCountry: CountrySegments): Cost {
  let total = 0n;
  const countries = Object.entries(segmentsByCountry).map(([country, { messages, segments }]) => {
    const own = Object.hasOwn(perSegment, country) ? perSegment[country] : undefined;
    const price = own ?? perSegment["default"];
    const amount = price === undefined ? undefined : BigInt(Math.round(price * millionth)) * BigInt(segments);
    total += amount ?? 0n;
    return {
      country: country === "" ? undefined : country,
      messages,
      segments,
      price,
      byDefault: own === undefined && price !== undefined ? true : undefined,
      amount: amount === undefined ? undefined : money(amount),
    };
  });
  countries.sort((a, b) => (b.amount ?? 0) - (a.amount ?? 0) || b.segments - a.segments || compare(a, b));
  return { amount: money(total), countries };
}

const compare = (a: { readonly country?: string }, b: { readonly country?: string }) =>
  (a.country ?? "") < (b.country ?? "") ? -1 : 1;

const money = (millionths: bigint) => Number(millionths) / millionth;

/** Counts messages by country. */
export function createCountryCounter() {
  const counts = new Map<string, { messages: number; segments: number }>();
  return {
    add(country: string | undefined, segments: number): void {
      const known = counts.get(country ?? "");
      if (known === undefined) {
        counts.set(country ?? "", { messages: 1, segments });
        return;
      }
      known.messages += 1;
      known.segments += segments;
    },
    all: (): CountrySegments => Object.fromEntries([...counts].map(([country, figures]) => [country, { ...figures }])),
  };
}
