#!/usr/bin/env node
// This file must be understood by any Node, so that an old one leads to a sentence.
import { accessSync, constants } from "node:fs";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  console.error(`bulk-send needs Node 22.13 or later; this is ${process.versions.node}.`);
  process.exit(1);
}
// Node 22 says of what this program has been tried with that it may change.
const { emitWarning } = process;
process.emitWarning = (warning, ...rest) => {
  const expected = /(SQLite|process\.execve) is an experimental feature/.test(String(warning));
  if (!expected) emitWarning.call(process, warning, ...rest);
};
// The C library of most Linux systems gives each thread memory of its own for what is taken and given back, and keeps it: 50 MB of what a
// run takes, for nothing. It asks the environment for its limits when a program begins, so those commands that run a dozen threads
// begin once more, as the same process.
const { argv, env, execArgv, execPath, platform } = process;
const threaded = ["run", "serve", "demo", "console"].includes(argv[2]);
const limited = ["MALLOC_ARENA_MAX", "GLIBC_TUNABLES"].some((name) => name in env);
// Where a loader was asked to run Node, the loader is what would begin.
const byItself = /\/node(js)?[-.\w]*$/.test(execPath);
if (threaded && !limited && byItself && platform === "linux" && process.channel === undefined) {
  try {
    // Where there is nothing to begin, Node would not say so but end.
    accessSync(execPath, constants.X_OK);
    process.execve?.(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...env, MALLOC_ARENA_MAX: "1" });
  } catch {
    // Node's permission model may forbid it: then it takes more memory.
  }
}
await import("./main.js");
