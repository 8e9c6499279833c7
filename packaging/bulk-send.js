#!/usr/bin/env node
// This file must be understood by any Node, so that an old one leads to a sentence.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  console.error(`bulk-send needs Node 22.13 or later; this is ${process.versions.node}.`);
  process.exit(1);
}
// Node 22 says of what this program has been tried with that it may change.
const { emitWarning } = process;
process.emitWarning = (warning, ...rest) => {
  if (!String(warning).includes("SQLite is an experimental feature")) emitWarning.call(process, warning, ...rest);
};
await import("./main.js");
