import { describe, expect, it } from "vitest";
import { createCommandLine } from "../../cli/command-line.ts";
import { createTerminal } from "../../cli/terminal.ts";
import { longFunctions } from "./long-functions.ts";
import { reachesOut } from "./reaches-out.ts";
import { exportsOf, identifiersIn, isNode, lineAt, type Node, type SourceFile, source, tests, walk } from "./source.ts";

/** Rooms by floor, the ground first: a file may import its own room and those on lower floors. */
const floors: readonly (readonly string[])[] = [
  ["shared", "shared/ports"],
  ["shared/ledger", "shared/plan", "shared/enswitch", "shared/workbook"],
  ["shared/account", "shared/aws"],
  ["shared/campaign", "shared/opt-outs"],
  ["shared/csv", "shared/feed", "shared/console"],
  ["shared/send", "shared/report"],
  ["shared/split"],
  ["shared/reconcile"],
  ["functions", "console/build.ts", "infra/local/installation.ts"],
  ["infra"],
  [
    "infra/local/template",
    "infra/local/replace-file.ts",
    "infra/local/append-line.ts",
    "infra/local/disk-full.ts",
    "infra/local/only-ours.ts",
  ],
  [
    "infra/local/prepared-folder.ts",
    "infra/local/compile-cache.ts",
    "infra/local/small-heaps.ts",
    "infra/local/enswitch-simulator",
  ],
  ["infra/local/gateway"],
  ["infra/local/console", "infra/local/s3"],
  ["infra/local/services"],
  ["infra/local/functions"],
  ["infra/local"],
  ["cli"],
  ["cli/commands", "library"],
  ["cli/command-line.ts"],
  ["cli/run-command-line.ts"],
  ["cli/main.ts"],
  ["cli/bulk-send.js"],
  ["packaging"],
  ["console"],
];

/** The room a file is in: the nearest folder around it that `floors` names, or the file itself where it is named there. */
const roomOf = (path: string): string => {
  if (floors.some((rooms) => rooms.includes(path))) return path;
  const at = path.lastIndexOf("/");
  return at < 0 ? path : roomOf(path.slice(0, at));
};
const floorOf = (path: string) => floors.findIndex((rooms) => rooms.includes(roomOf(path)));

/** What decides: everything in `shared/` but what talks to AWS, Enswitch, the machine's clock or a browser. */
const edges =
  /^shared\/(aws\/|enswitch\/(connections|enswitch|fire-call|list-texts|opener|practice-phone-system|probe-endpoint)\.ts|ports\/clock\.ts|report\/page\/browser\/)/;
const core = source.filter(({ path }) => path.startsWith("shared/") && !edges.test(path));

/** No function of the source may be longer, in lines. */
const longest = 100;

/** Longer functions than this are listed, and may only become shorter. */
const long = 60;

describe("the house", () => {
  it("has every file in a room whose floor is known", () => {
    expect(source.filter(({ path }) => floorOf(path) === -1).map(({ path }) => path)).toEqual([]);
  });

  it("imports downwards only", () => {
    const upwards = source.flatMap(({ path, imports }) =>
      imports
        // What is in no room, such as a test, is above everything.
        .filter(({ from }) => floorOf(from) === -1 || (roomOf(from) !== roomOf(path) && floorOf(from) >= floorOf(path)))
        .map(({ from, name }) => `${path} takes ${name} from ${from}`),
    );
    expect(upwards).toEqual([]);
  });

  it("has no circle of imports", () => {
    expect(circles(source)).toEqual([]);
  });

  it("lets the core reach the SDK, the environment, the clock and chance only through what it is given", () => {
    expect(core.flatMap(reachesOut)).toEqual([]);
  });

  it("has no file that nobody imports or starts", () => {
    const imported = new Set(
      source.flatMap(({ path, imports }) => imports.flatMap(({ from }) => (from === path ? [] : from))),
    );
    expect(source.map(({ path }) => path).filter((path) => !imported.has(path) && !started.test(path))).toEqual([]);
  });

  it("takes each thing by its own name", () => {
    const renamed = source.flatMap(({ path, imports }) =>
      imports
        .filter(({ name, local }) => name !== "*" && name !== "default" && local !== name)
        .map(({ name, local }) => `${path} calls ${name} ${local}`),
    );
    expect(renamed).toEqual([]);
  });

  it("exports nothing that nobody uses", () => {
    expect(unusedExports()).toEqual([]);
  });

  it("shows commands only as they can be copied, written by what knows the stack they are for", () => {
    const shown = source.flatMap(({ path, body }) =>
      body.flatMap((statement) =>
        [...walk(statement)].flatMap(([node]) => {
          const text = textOf(node);
          return text !== undefined && commandInText.test(text) ? [`${path}: ${text}`] : [];
        }),
      ),
    );
    expect(shown).toEqual([]);
  });

  it("gives each type name one meaning", () => {
    const places = Map.groupBy(
      source.flatMap(({ path, body }) => typeNames(body).map((name) => ({ name, path }))),
      ({ name }) => name,
    );
    const ambiguous = [...places].filter(([, uses]) => new Set(uses.map(({ path }) => path)).size > 1);
    expect(ambiguous.map(([name, uses]) => `${name}: ${uses.map(({ path }) => path).join(", ")}`)).toEqual([]);
  });

  it(`has no function of more than ${longest} lines, and none of more than ${long} that is not listed`, () => {
    const byName = Map.groupBy(
      source.flatMap(functionLengths).filter(([, lines]) => lines > long),
      ([name]) => name,
    );
    // A second function of the same name in its file is another one.
    const found = Object.fromEntries(
      [...byName].flatMap(([name, all]) =>
        all.map(([, lines], at) => [at === 0 ? name : `${name} (${at + 1})`, lines]),
      ),
    );
    // A listed function that became shorter: write its new length, so that it stays so.
    expect(found).toEqual(longFunctions);
    expect(Object.entries(longFunctions).filter(([, lines]) => lines > longest)).toEqual([]);
  });

  it("writes an `if` that leaves on one line, without braces, wherever it fits", () => {
    expect([...source, ...tests].flatMap(oddIfs)).toEqual([]);
  });
});

const commandInText = new RegExp(`bulk-send (?:${createCommandLine(createTerminal()).names.join("|")})\\b`, "u");

/** The text of a string, or of a piece of a template. */
function textOf({ type, value }: Node): string | undefined {
  if (type === "Literal" && typeof value === "string") return value;
  if (type !== "TemplateElement" || typeof value !== "object" || value === null || !("raw" in value)) return undefined;
  return String(value.raw);
}

/** Circles of files, each as the path from a file back to itself. */
function circles(files: readonly SourceFile[]): readonly string[] {
  const next = new Map(files.map(({ path, imports }) => [path, new Set(imports.map(({ from }) => from))]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
    if (done.has(path) || trail.includes(path)) return;
    for (const to of next.get(path) ?? []) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return found;
}

/** What people, npm, the CDK, Lambda and browsers start, and what bundlers put in place of the SDK's own. */
const started =
  /^(cli\/(bulk-send|prepare)|console\/(build|main)|functions\/\w+|infra\/app|library\/(cdk|index)|packaging\/(bulk-send|prepack|postpack)|shared\/(aws\/(function-credentials|no-event-streams)|report\/page\/browser\/(live|page|report)))\.[jt]sx?$/;

/** What programs of others take. */
const forOthers = ["library/cdk.ts", "library/index.ts"];

/** Exports that no import in the source names, and who calls them. */
const entrances = [
  // Lambda.
  "functions/reporter.ts handler",
  "functions/sender.ts handler",
  "functions/splitter.ts handler",
  // The bundler puts these in place of the SDK's own.
  "shared/aws/function-credentials.ts defaultProvider",
  "shared/aws/no-event-streams.ts resolveEventStreamSerdeConfig",
  "shared/aws/no-event-streams.ts eventStreamSerdeProvider",
  "shared/aws/no-event-streams.ts EventStreamSerde",
];

/**
 * Exports that could go: nobody imports them, or only tests do although the file itself does not need them. A type may
 * be exported for the sake of a signature in its own file.
 */
function unusedExports(): readonly string[] {
  const taken = (files: readonly SourceFile[]) =>
    new Set(files.flatMap(({ imports }) => imports.map(({ from, name }) => `${from} ${name}`)));
  const bySource = taken(source);
  const byTests = taken(tests);
  const ours = source.filter(({ path }) => !forOthers.includes(path));
  return ours.flatMap((file) => {
    const types = new Set(typeNames(file.body));
    const written = identifiersIn(file);
    return exportsOf(file)
      .filter((name) => {
        const key = `${file.path} ${name}`;
        const whole = `${file.path} *`;
        if (entrances.includes(key) || bySource.has(key) || bySource.has(whole)) return false;
        const usedWithin = (written.get(name) ?? 0) > 1;
        return !(usedWithin && (types.has(name) || byTests.has(key) || byTests.has(whole)));
      })
      .map((name) => `${file.path}: ${name}`);
  });
}

const typeKinds = new Set(["TSInterfaceDeclaration", "TSTypeAliasDeclaration", "ClassDeclaration"]);

function typeNames(body: readonly Node[]): readonly string[] {
  return body.flatMap((statement) =>
    [...walk(statement)].flatMap(([node]) => {
      const id = node["id"];
      if (!typeKinds.has(node.type) || typeof id !== "object" || id === null || !("name" in id)) return [];
      return typeof id.name === "string" ? [id.name] : [];
    }),
  );
}

const functionKinds = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/** Every function with a name (its own, or that of what it is given to) and its length in lines, what is inside included. */
function functionLengths({ path, text, body }: SourceFile): readonly (readonly [string, number])[] {
  return body.flatMap((statement) =>
    [...walk(statement)].flatMap(([node, parent]): (readonly [string, number])[] => {
      if (!functionKinds.has(node.type)) return [];
      const holder = [node["id"], parent?.["id"], parent?.["key"]].find((id) => typeof id === "object" && id !== null);
      const name = holder !== undefined && holder !== null && "name" in holder ? String(holder.name) : "(unnamed)";
      return [[`${path}: ${name}`, lineAt(text, node.end) - lineAt(text, node.start) + 1]];
    }),
  );
}

const leaving = new Set(["ReturnStatement", "ThrowStatement", "ContinueStatement", "BreakStatement"]);
const width = 120;

/** `if`s whose body is on a line of its own without braces, or braced although all of it fits on one line. */
function oddIfs({ path, text, body }: SourceFile): readonly string[] {
  const asNode = (value: unknown) => (isNode(value) ? value : undefined);
  return body.flatMap((statement) =>
    [...walk(statement)].flatMap(([node]) => {
      const then = asNode(node["consequent"]);
      if (node.type !== "IfStatement" || then === undefined) return [];
      const where = `${path}:${lineAt(text, node.start)}`;
      if (then.type !== "BlockStatement") {
        return lineAt(text, then.start) === lineAt(text, node.start) ? [] : [`${where} wants braces`];
      }
      const [only, ...others] = Array.isArray(then["body"]) ? then["body"].map(asNode) : [];
      if (only === undefined || others.length > 0 || !leaving.has(only.type) || asNode(node["alternate"])) return [];
      const inner = text.slice(only.start, only.end);
      const head = text.slice(text.lastIndexOf("\n", node.start) + 1, then.start);
      const commented = text.slice(then.start, then.end).replace(inner, "").trim().replaceAll(/\s/g, "") !== "{}";
      return commented || head.includes("\n") || inner.includes("\n") || head.length + inner.length > width
        ? []
        : [`${where} fits on one line`];
    }),
  );
}
