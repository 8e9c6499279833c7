import { lineAt, type Node, nameOf, nodesIn, type SourceFile, walk } from "./source.ts";

/** Globals by which a file reaches the environment, the clock, chance, the network or a terminal by itself. */
const outside: ReadonlySet<string> = new Set([
  ...["process", "globalThis", "require", "console", "fetch", "crypto"],
  ...["performance", "setTimeout", "setInterval", "setImmediate"],
]);

/** What may be taken from Node's modules: what only computes. `*` stands for all. */
const computing: Readonly<Record<string, readonly string[]>> = {
  "node:buffer": ["*"],
  "node:crypto": ["createHash", "Hash"],
  "node:util": ["*"],
  "node:zlib": ["constants", "crc32", "createInflateRaw", "deflateRawSync"],
  "node:path": ["posix"],
  "node:stream": ["Readable"],
  "node:stream/promises": ["pipeline"],
};

const services = /^(@aws-sdk|@aws-lambda-powertools|@smithy|undici)\b/;

/** Where a file reaches the SDK, the environment, the clock, chance or the network although nobody gave it to it. */
export function reachesOut({ path, text, body, packages }: SourceFile): readonly string[] {
  const taken = packages
    .filter(({ from, name }) => {
      const allowed = computing[from] ?? [];
      return services.test(from) || (from.startsWith("node:") && !allowed.includes("*") && !allowed.includes(name));
    })
    .map(({ from, name }) => `${path} takes ${name} from ${from}`);
  const used = body.flatMap((statement) =>
    [...walk(statement)]
      .filter(([node, parent]) => isOutside(node, parent))
      .map(([node]) => `${path}:${lineAt(text, node.start)} uses ${text.slice(node.start, node.end).slice(0, 40)}`),
  );
  return [...taken, ...used];
}

/** Whether a node is one of those globals, the present time or a random number. */
function isOutside(node: Node, parent: Node | undefined): boolean {
  const name = nameOf(node) ?? "";
  if (node.type !== "Identifier") return false;
  // The name of a property is not the global of that name.
  if (parent?.["computed"] !== true && (parent?.["property"] === node || parent?.["key"] === node)) return false;
  if (outside.has(name)) return true;
  if (name === "Math") return ["random", undefined].includes(propertyOf(parent));
  if (name !== "Date" || parent?.type.startsWith("TS")) return false;
  if (parent?.type === "NewExpression") return nodesIn(parent["arguments"]).length === 0;
  return ["now", undefined].includes(propertyOf(parent));
}

/** The property that is read, where it is written out. */
const propertyOf = (parent: Node | undefined): string | undefined =>
  parent?.type === "MemberExpression" ? nameOf(parent["property"]) : undefined;
