const between = /[;,|\n\r\t]+|:::|\s\/\s|\s(?=#)/u;
const edges = /^[\s#*"'[{]+|[\s"'\]}]+$/gu;

/** The values of a cell that lists several, such as `vip;opted-out`, without brackets and marks; the only one of others. */
export const tagsIn = (cell: string): readonly string[] =>
  cell
    .split(between)
    .map((tag) => tag.replace(edges, ""))
    .filter((tag) => tag !== "");
