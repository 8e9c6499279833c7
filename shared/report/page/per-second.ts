/** A rate in words: "20 per second". */
export const perSecond = (rate: number): string => `${Number(rate.toPrecision(3)).toLocaleString("en-GB")} per second`;
