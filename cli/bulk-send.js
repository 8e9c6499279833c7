#!/usr/bin/env node
// This file must be understood by any Node, so that an old one leads to a sentence.
const [major] = process.versions.node.split(".").map(Number);
if (major < 24) {
  console.error(
    `bulk-send runs on the Node 24 that npm ci brings along; this is ${process.versions.node}. Call it by: npx bulk-send`,
  );
  process.exit(1);
}
await import("./main.ts");
