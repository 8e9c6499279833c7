/** A share in words; rounding never turns something into nothing, or less than all into all. */
export function percent(count: number, of: number): string {
  if (count === 0 || of === 0) return "0 %";
  if (count === of) return "100 %";
  const share = (count / of) * 100;
  if (share < 0.1) return "under 0.1 %";
  if (share > 99.9) return "over 99.9 %";
  return `${share < 10 || share > 90 ? share.toFixed(1) : Math.round(share)} %`;
}
