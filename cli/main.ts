#!/usr/bin/env node
import { useCompileCache } from "../infra/local/compile-cache.ts";

// Before anything else is loaded: loading is most of what a command does.
useCompileCache();
const { runCommandLine } = await import("./run-command-line.ts");
// Not left to the event loop: a kept-alive connection would delay the exit by seconds.
process.exit(await runCommandLine());
