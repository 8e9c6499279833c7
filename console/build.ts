import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type RolldownPluginOption, rolldown } from "rolldown";

const folder = fileURLToPath(new URL("./", import.meta.url));

/** A file of the console's page. */
export interface PageFile {
  /** Relative to the page's folder: `index.html`, `assets/main-<hash>.js` … */
  readonly path: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** What the page's script must run in: browsers that people have not updated for about three years. */
const target = "es2022";

/**
 * What the first view needs: the page, and what reads the answers that it asks for. Each has all that it imports in its file,
 * because browsers ask an HTTP/1.1 server for six files at a time.
 */
const firstFiles = ["main", "read-answers"] as const;

/**
 * Has V8 compile a file's functions beside the main thread while the file arrives, and not one by one as they are called.
 * https://v8.dev/blog/explicit-compile-hints
 */
const compileAtOnce = "//# allFunctionsCalledOnLoad";

/** Where everything but the page itself is; names in there change with the content, so they may be cached for ever. */
const assets = "assets";

/**
 * Builds the page from its sources: `index.html`, its style and its scripts, all in files, none inline, so that the page's
 * content security policy holds. What is imported on demand becomes a file of its own. The bundler's `plugins` look on.
 * Throws at any warning.
 */
export async function buildConsole(...plugins: readonly RolldownPluginOption[]): Promise<readonly PageFile[]> {
  const scripts = await buildScripts(plugins);
  const style = Buffer.from(withoutRemarks(await readFile(`${folder}style.css`, "utf8")));
  const stylePath = `${assets}/style-${shortHash(style)}.css`;
  const main = scripts.find(({ isEntry }) => isEntry);
  if (main === undefined) throw new Error("The console was bundled without its entry.");
  const template = await readFile(`${folder}index.html`, "utf8");
  // So that the browser asks for all at once.
  const soon = scripts.filter(({ name }) => firstFiles.some((first) => first === name));
  const preloaded = new Set(soon.flatMap(({ file, imports }) => [file.path, ...imports]));
  preloaded.delete(main.file.path);
  const page = template
    .replace("./style.css", `./${stylePath}`)
    .replace("./main.tsx", `./${main.file.path}`)
    .replace(
      "</head>",
      `${[...preloaded].map((path) => `<link rel="modulepreload" href="./${path}">\n`).join("")}</head>`,
    );
  return [
    // Last in the order in which files should be put in place: it names the others.
    ...scripts.map(({ file }) => file),
    { path: stylePath, contentType: "text/css; charset=utf-8", body: style },
    { path: "index.html", contentType: "text/html; charset=utf-8", body: Buffer.from(page) },
  ];
}

interface Script {
  readonly file: PageFile;
  readonly name: string;
  readonly isEntry: boolean;
  /** The paths of what it needs from the start. */
  readonly imports: readonly string[];
}

async function buildScripts(plugins: readonly RolldownPluginOption[]): Promise<readonly Script[]> {
  await using build = await rolldown({
    input: { main: `${folder}main.tsx` },
    cwd: folder,
    platform: "browser",
    tsconfig: false,
    resolve: { mainFields: ["browser", "module", "main"], conditionNames: ["browser", "import", "default"] },
    transform: {
      target,
      jsx: { runtime: "automatic", importSource: "preact" },
      define: { "process.env.NODE_ENV": '"production"' },
    },
    plugins: [...plugins],
    checks: { bundlerTimings: false },
    onLog: (level, { message }) => {
      if (level === "warn") throw new Error(message);
    },
  });
  const { output } = await build.generate({
    format: "esm",
    minify: true,
    comments: false,
    entryFileNames: `${assets}/[name]-[hash].js`,
    chunkFileNames: `${assets}/[name]-[hash].js`,
    codeSplitting: { groups: firstFiles.map((name) => ({ name, test: new RegExp(`console/${name}\\.tsx?$`) })) },
  });
  return output.flatMap((chunk) => {
    // What a plugin that looks on writes is empty.
    if (chunk.type === "asset" && chunk.source.length === 0) return [];
    if (chunk.type !== "chunk") throw new Error(`The console's bundle has ${chunk.fileName}, which nobody serves.`);
    const isFirst = firstFiles.some((first) => first === chunk.name);
    const body = Buffer.from(isFirst ? `${compileAtOnce}\n${chunk.code}` : chunk.code);
    return {
      file: { path: chunk.fileName, contentType: "text/javascript; charset=utf-8", body },
      name: chunk.name,
      isEntry: chunk.isEntry,
      imports: chunk.imports,
    };
  });
}

const withoutRemarks = (css: string) => css.replaceAll(/\/\*.*?\*\//gs, "").replaceAll(/\n\s*\n/g, "\n");

const shortHash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("base64url").slice(0, 8);
