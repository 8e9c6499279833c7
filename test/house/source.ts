import { globSync, readFileSync } from "node:fs";
import { dirname, posix, resolve } from "node:path";
import { parseAst } from "rolldown/parseAst";

const root = resolve(import.meta.dirname, "../..");

/** A node of a syntax tree; its other fields are found by walking. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** A TypeScript file of the repository, parsed. */
export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly body: readonly Node[];
  /** What it takes from files of the repository, named by their path. */
  readonly imports: readonly Import[];
  /** What it takes from elsewhere, named as it is imported. */
  readonly packages: readonly Import[];
}

/** One name that a file imports or exports from somewhere else. */
export interface Import {
  readonly from: string;
  /** `*` stands for all. */
  readonly name: string;
  /** The name it goes by from then on. */
  readonly local: string;
}

/** Whether a field of a node is a node itself. */
export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string" && "start" in value;

/** Every node of a syntax tree with the node around it, the outermost first. */
export function* walk(node: Node, parent?: Node): Generator<readonly [node: Node, parent: Node | undefined]> {
  yield [node, parent];
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) yield* walk(child, node);
    }
  }
}

/** The name of an identifier, or the text of a string. */
export const nameOf = (node: unknown): string | undefined => {
  if (!isNode(node)) return undefined;
  const name = node["name"] ?? node["value"];
  return typeof name === "string" ? name : undefined;
};

/** The nodes in a field that holds a list. */
export const nodesIn = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

/** The string that an import names, or a path in `new URL("…", import.meta.url)` or `moduleUrl`, by which workers are started. */
function specifierOf(node: Node): string | undefined {
  const called = node.type === "NewExpression" || node.type === "CallExpression" ? nameOf(node["callee"]) : undefined;
  if (called !== "URL" && called !== "moduleUrl") return nameOf(node["source"]);
  const [path, base] = nodesIn(node["arguments"]);
  return base?.type === "MemberExpression" && /^\.{1,2}\/.*\.\w*[jt]sx?$/.test(nameOf(path) ?? "")
    ? nameOf(path)
    : undefined;
}

function* importsOf(body: readonly Node[]): Generator<Import> {
  for (const statement of body) {
    for (const [node] of walk(statement)) {
      const from = specifierOf(node);
      if (from === undefined) continue;
      const specifiers = nodesIn(node["specifiers"]);
      // An import of everything, whether by `import *`, `export *`, `import()` or for its effect.
      if (specifiers.length === 0) yield { from, name: "*", local: "*" };
      for (const specifier of specifiers) {
        const exports = node.type === "ExportNamedDeclaration";
        const taken = exports ? specifier["local"] : specifier["imported"];
        const whole = specifier.type === "ImportDefaultSpecifier" ? "default" : "*";
        const local = nameOf(exports ? specifier["exported"] : specifier["local"]);
        yield { from, name: nameOf(taken) ?? whole, local: local ?? whole };
      }
    }
  }
}

function readSourceFile(path: string): SourceFile {
  const text = readFileSync(resolve(root, path), "utf8");
  const body = nodesIn(parseAst(text, { lang: path.endsWith("x") ? "tsx" : "ts" }).body);
  const taken = [...importsOf(body)];
  return {
    path,
    text,
    body,
    imports: taken
      .filter(({ from }) => from.startsWith("."))
      .map((one) => ({ ...one, from: posix.join(dirname(path), one.from) })),
    packages: taken.filter(({ from }) => !from.startsWith(".")),
  };
}

const list = (patterns: readonly string[]) =>
  globSync([...patterns], { cwd: root, exclude: ["**/node_modules/**", "**/*.d.ts"] })
    .map((path) => path.replaceAll("\\", "/"))
    .toSorted()
    .map(readSourceFile);

/** What is deployed or run by people: everything but tests. */
export const source: readonly SourceFile[] = list([
  "{cli,console,functions,infra,library,packaging,shared}/**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}",
]);

/** Tests and what they share. */
export const tests: readonly SourceFile[] = list(["test/**/*.ts", "vitest.config.ts"]);

/** How often each identifier is written in a file. */
export function identifiersIn({ body }: SourceFile): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const statement of body) {
    for (const [node] of walk(statement)) {
      const name = node.type === "Identifier" ? (nameOf(node) ?? "") : "";
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

/** The line an offset is in, counted from 1. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

/** Names that a file exports; `*` stands for all of another file. */
export function exportsOf({ body }: SourceFile): readonly string[] {
  return body.flatMap((statement) => {
    if (statement.type === "ExportDefaultDeclaration") return ["default"];
    if (statement.type === "ExportAllDeclaration") return [nameOf(statement["exported"]) ?? "*"];
    if (statement.type !== "ExportNamedDeclaration") return [];
    const declaration = statement["declaration"];
    if (!isNode(declaration)) return nodesIn(statement["specifiers"]).map(({ exported }) => nameOf(exported) ?? "");
    const declared = declaration.type === "VariableDeclaration" ? nodesIn(declaration["declarations"]) : [declaration];
    return declared.flatMap(({ id }) => (isNode(id) ? boundBy(id) : []));
  });
}

/** The names that a declaration's pattern binds. */
function boundBy(pattern: Node): readonly string[] {
  if (pattern.type === "Identifier") return [nameOf(pattern) ?? ""];
  return [...walk(pattern)].flatMap(([node, parent]) =>
    node.type === "Identifier" && (parent?.type === "ArrayPattern" || parent?.["value"] === node)
      ? [nameOf(node) ?? ""]
      : [],
  );
}
