#!/usr/bin/env node
import { removeOldCompiled, useCompileCache } from "../infra/local/compile-cache.ts";
import { keepHeapsSmall } from "../infra/local/small-heaps.ts";
import { firstLine } from "./first-line.ts";
import { standWhereTheUserStands } from "./standing.ts";
import { wrapped } from "./wrap.ts";

standWhereTheUserStands(process.env);
const line = process.stderr.isTTY && process.env["TERM"] !== "dumb" ? firstLine(process.argv.slice(2)) : undefined;
if (line !== undefined) process.stderr.write(`${wrapped(line, process.stderr.columns || 80).join("\n")}\n`);
// Before anything else is loaded: loading is most of what a command does.
keepHeapsSmall();
useCompileCache();
const { runCommandLine } = await import("./run-command-line.ts");
const code = await runCommandLine();
removeOldCompiled();
// Not left to the event loop: a kept-alive connection would delay the exit by seconds.
process.exit(code);
