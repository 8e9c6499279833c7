// What `npm start` runs, in JavaScript, so that an older Node says in one sentence what is missing: npm ci brings the right one.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

if (existsSync(join(__dirname, "../node_modules/node"))) import("./main.ts");
else {
  console.error("bulk-send is not installed yet; run npm ci first.");
  process.exitCode = 1;
}
