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
  /** Paths of the repository's own files that it imports or exports from, with the names taken; `*` stands for all. */
  readonly imports: readonly Import[];
}

/** One name that one file takes from another. */
export interface Import {
  readonly from: string;
  readonly name: string;
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

const nameOf = (node: unknown): string | undefined => {
  if (!isNode(node)) return undefined;
  const name = node["name"] ?? node["value"];
  return typeof name === "string" ? name : undefined;
};

const nodesIn = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

/** Where a relative specifier leads, from the repository's root; `undefined` for packages. */
function target(path: string, specifier: string | undefined): string | undefined {
  return specifier?.startsWith(".") ? posix.join(dirname(path), specifier) : undefined;
}

function* importsOf(path: string, body: readonly Node[]): Generator<Import> {
  for (const statement of body) {
    for (const [node] of walk(statement)) {
      const from = target(path, nameOf(node["source"]));
      if (from === undefined) continue;
      const specifiers = nodesIn(node["specifiers"]);
      // An import of everything, whether by `import *`, `export *`, `import()` or for its effect.
      if (specifiers.length === 0) yield { from, name: "*" };
      for (const specifier of specifiers) {
        const taken = node["type"] === "ExportNamedDeclaration" ? specifier["local"] : specifier["imported"];
        yield { from, name: nameOf(taken) ?? "*" };
      }
    }
  }
}

function readSourceFile(path: string): SourceFile {
  const text = readFileSync(resolve(root, path), "utf8");
  const body = nodesIn(parseAst(text, { lang: "ts" }).body);
  return { path, text, body, imports: [...importsOf(path, body)] };
}

const list = (patterns: readonly string[]) =>
  globSync([...patterns], { cwd: root, exclude: ["**/node_modules/**", "**/*.d.ts"] })
    .map((path) => path.replaceAll("\\", "/"))
    .toSorted()
    .map(readSourceFile);

/** What is deployed or run by people: everything but tests. */
export const source: readonly SourceFile[] = list([
  "cli/**/*.ts",
  "functions/**/*.ts",
  "infra/**/*.ts",
  "shared/**/*.ts",
]);

/** Tests and what they share. */
export const tests: readonly SourceFile[] = list(["test/**/*.ts", "vitest.config.ts"]);

/** The line an offset is in, counted from 1. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

/** Names declared by an export of the file itself. */
export function exportsOf({ body }: SourceFile): readonly string[] {
  return body.flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration") return [];
    const declaration = statement["declaration"];
    if (!isNode(declaration)) return nodesIn(statement["specifiers"]).map(({ exported }) => nameOf(exported) ?? "");
    const declared = declaration.type === "VariableDeclaration" ? nodesIn(declaration["declarations"]) : [declaration];
    return declared.flatMap(({ id }) => nameOf(id) ?? []);
  });
}
