import { parseAst } from "rolldown/parseAst";
import { isNode, lineAt, type Node, nameOf, nodesIn } from "../house/source.ts";

/** One small change of a source file, which a test should notice. */
export interface Mutant {
  /** `<path>#<number>`, the same as long as the file is. */
  readonly id: string;
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The text of that line, without what surrounds it. */
  readonly lineText: string;
  readonly original: string;
  readonly replacement: string;
}

/** A file with all its mutants in it, each asleep until `__mutant(id)` says so. */
export interface MutableFile {
  readonly mutants: readonly Mutant[];
  readonly text: string;
}

/** A place in the text, what could stand there instead, and how the choice is written around what stands there. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly alternatives: readonly string[];
  readonly write: (inner: string, ids: readonly string[], alternatives: readonly string[]) => string;
}

/** What is left as it is: schemas are judged by the tests of what they read, and log lines by nobody. */
const left = /^(z|log|this\.log|deps\.log)\b/;

/** What shortens a text for people: whether it shows them forty characters or eighty is not for tests to say. */
const shortening = /^(quoted|excerpt|shorten)$/;

const comparisons: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
};

/** Methods that are easily taken for one another. */
const confusable: Readonly<Record<string, string>> = {
  min: "max",
  max: "min",
  floor: "ceil",
  ceil: "floor",
  every: "some",
  some: "every",
  find: "findLast",
  startsWith: "endsWith",
  endsWith: "startsWith",
};

/** Methods without which a value is often the same, and sometimes not. */
const droppable = /^(filter|toSorted|trim|toLowerCase|toWellFormed|slice)$/;

/** Finds the mutants of a TypeScript file and writes them all into it. */
export function mutate(path: string, text: string): MutableFile {
  const edits = parseAst(text, { lang: "ts" })
    .body.flatMap((node) => (isNode(node) ? editsIn(node, text) : []))
    .toSorted((a, b) => a.start - b.start || b.end - a.end);
  const mutants: Mutant[] = [];
  const lines = text.split("\n");
  const numbered = edits.map((edit) => {
    const ids = edit.alternatives.map((replacement) => {
      const id = `${path}#${mutants.length + 1}`;
      const original = text.slice(edit.start, edit.end);
      const line = lineAt(text, edit.start);
      mutants.push({ id, path, line, lineText: (lines[line - 1] ?? "").trim(), original, replacement });
      return id;
    });
    return { edit, ids };
  });
  return { mutants, text: apply(text, 0, text.length, numbered) };
}

/** What a mutant changes, in one short line. */
export const mistakeOf = ({ original, replacement }: Mutant): string =>
  `${inOneLine(original)}  →  ${inOneLine(replacement)}`;

const inOneLine = (text: string): string => (text === "" ? "nothing" : text.replace(/\s+/g, " ").slice(0, 90));

/** The edits of a node and all within it. */
function editsIn(node: Node, text: string): readonly Edit[] {
  if (isLeft(node, text)) return [];
  const inner = Object.entries(node)
    .filter(([field]) => !skippedFields(node).includes(field))
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter((child) => !isShownLength(node, child) && !isKind(node, child))
    .flatMap((child) => (isNode(child) ? editsIn(child, text) : []));
  return [...editsOf(node, text), ...inner];
}

/** Whether `child` is the number that says how much of a text is shown. */
const isShownLength = (node: Node, child: unknown): boolean =>
  node.type === "CallExpression" &&
  shortening.test(nameOf(node["callee"]) ?? "") &&
  isNode(child) &&
  typeof child["value"] === "number";

/** Whether `child` is the kind of a value, or is compared with one: the compiler knows all kinds, and refuses another word. */
function isKind(node: Node, child: unknown): boolean {
  if (!isNode(child) || typeof child["value"] !== "string") return false;
  if (node.type === "Property") return nameOf(node["key"]) === "kind" && child === node["value"];
  const isOfKind = (side: unknown) =>
    isNode(side) &&
    (nameOf(side) === "kind" || (side.type === "MemberExpression" && nameOf(side["property"]) === "kind"));
  return node.type === "BinaryExpression" && (isOfKind(node["left"]) || isOfKind(node["right"]));
}

/** Whether nothing of a node is changed: it is a type, comes from elsewhere, or does not count. */
function isLeft(node: Node, text: string): boolean {
  if (/^TS(As|Satisfies|NonNull)Expression$/.test(node.type)) return false;
  if (/^(TS|Import|ExportAll)/.test(node.type) || isCompilersCheck(node)) return true;
  return node.type === "CallExpression" && left.test(text.slice(node.start, node.end));
}

/** Whether a statement only has the compiler look whether every case is dealt with. */
const isCompilersCheck = ({ type, expression }: Node): boolean =>
  type === "ExpressionStatement" && isNode(expression) && expression.type === "TSSatisfiesExpression";

/** Fields that hold names or types rather than values. */
function skippedFields(node: Node): readonly string[] {
  const always = ["typeAnnotation", "typeArguments", "typeParameters", "returnType", "superTypeArguments"];
  const named = node.type === "Property" || node.type === "MethodDefinition" || node.type === "PropertyDefinition";
  return named && node["computed"] !== true ? [...always, "key"] : always;
}

function editsOf(node: Node, text: string): readonly Edit[] {
  const source = (child: unknown) => (isNode(child) ? text.slice(child.start, child.end) : "");
  const at = (place: unknown, ...alternatives: string[]): readonly Edit[] =>
    isNode(place) && alternatives.length > 0
      ? [{ start: place.start, end: place.end, alternatives, write: writeExpression }]
      : [];
  const operands = [source(node["left"]), source(node["right"])] as const;

  switch (node.type) {
    case "BinaryExpression": {
      const others = comparisons[String(node["operator"])] ?? [];
      const isText = operands.some((operand) => /^["'`]/.test(operand));
      if (isText && node["operator"] === "+") return [];
      return at(node, ...others.map((operator) => `(${operands[0]}) ${operator} (${operands[1]})`));
    }
    case "LogicalExpression":
      return at(node, ...operands);
    case "UnaryExpression":
      return node["operator"] === "!" ? at(node, source(node["argument"])) : [];
    case "IfStatement":
    case "ConditionalExpression":
      return isSimple(node["test"]) ? at(node["test"], `!(${source(node["test"])})`) : [];
    case "Literal":
      return at(node, ...otherLiterals(node["value"]));
    case "ArrayExpression":
      return nodesIn(node["elements"]).length > 0 ? at(node, "[]") : [];
    case "CallExpression":
      return at(node, ...otherCalls(node, text));
    case "ExpressionStatement":
    case "ThrowStatement":
      if (left.test(source(node["expression"]))) return [];
      return [{ start: node.start, end: node.end, alternatives: [""], write: writeStatement }];
    case "ObjectExpression":
      return nodesIn(node["properties"])
        .filter(({ type, key, value }) => type === "Property" && nameOf(key) !== "kind" && !left.test(source(value)))
        .map(({ start, end }) => ({ start, end, alternatives: [""], write: writeProperty }));
    default:
      return [];
  }
}

/** Whether a condition has no mutants of its own that would turn it round. */
const isSimple = (test: unknown): boolean =>
  isNode(test) &&
  test.type !== "BinaryExpression" &&
  test.type !== "LogicalExpression" &&
  test.type !== "UnaryExpression";

function otherLiterals(value: unknown): readonly string[] {
  if (typeof value === "boolean") return [String(!value)];
  // Words that programs compare; sentences are for people, and nobody should test each of their letters.
  if (typeof value === "string") return /^[\w#-]+$/.test(value) ? ['""'] : [];
  if (typeof value !== "number") return [];
  return value === 0 ? ["1"] : [String(value <= 10 ? value + 1 : value * 2), "0"];
}

function otherCalls(node: Node, text: string): readonly string[] {
  const callee = node["callee"];
  if (!isNode(callee) || callee.type !== "MemberExpression" || callee["optional"] === true) return [];
  const [object, property] = [callee["object"], callee["property"]];
  const name = nameOf(property);
  if (!isNode(object) || !isNode(property) || name === undefined || hasOptional(object)) return [];
  const other = Object.hasOwn(confusable, name) ? confusable[name] : undefined;
  const [before, after] = [text.slice(node.start, property.start), text.slice(property.end, node.end)];
  if (other !== undefined) return [before + other + after];
  return droppable.test(name) ? [text.slice(object.start, object.end)] : [];
}

/** Whether a chain may end early: it must not be cut in two. */
const hasOptional = (node: Node): boolean =>
  node["optional"] === true || [node["object"], node["callee"]].some((inner) => isNode(inner) && hasOptional(inner));

/** Asks whether a mutant is awake. */
const asked = (id: string | undefined): string => `__mutant(${JSON.stringify(id)})`;

function writeExpression(inner: string, ids: readonly string[], alternatives: readonly string[]): string {
  const choices = ids.map((id, index) => `${asked(id)} ? (${alternatives[index]}) : `);
  return `(${choices.join("")}(${inner}))`;
}

const writeStatement = (inner: string, [id]: readonly string[]): string => `{ if (!${asked(id)}) { ${inner} } }`;

const writeProperty = (inner: string, [id]: readonly string[]): string => `...(${asked(id)} ? {} : { ${inner} })`;

/** The text from `start` to `end` with the edits within it; they are in order, the outer ones first. */
function apply(
  text: string,
  start: number,
  end: number,
  edits: readonly { readonly edit: Edit; readonly ids: readonly string[] }[],
): string {
  let out = "";
  let done = start;
  for (let index = 0; index < edits.length; ) {
    const outer = edits[index];
    if (outer === undefined) break;
    const { edit, ids } = outer;
    let next = index + 1;
    while ((edits[next]?.edit.start ?? end) < edit.end) next++;
    const inner = apply(text, edit.start, edit.end, edits.slice(index + 1, next));
    out += text.slice(done, edit.start) + edit.write(inner, ids, edit.alternatives);
    done = edit.end;
    index = next;
  }
  return out + text.slice(done, end);
}
