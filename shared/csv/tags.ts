const between = /[;,|\n\r\t]+|:::|\s\/\s|\s(?=#)/u;
const before = /^[\s#*"'[{]+/u;
/** Looked for at the beginning of such a run only: a megabyte of them takes minutes otherwise. */
const behind = /(?<![\s"'\]}])[\s"'\]}]+$/u;

/** The values of a cell that lists several, such as `vip;opted-out`, without brackets and marks; the only one of others. */
export const tagsIn = (cell: string): readonly string[] =>
  cell
    .split(between)
    .map((tag) => tag.replace(before, "").replace(behind, ""))
    .filter((tag) => tag !== "");
