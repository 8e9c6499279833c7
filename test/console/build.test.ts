import { brotliCompressSync, gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { buildConsole } from "../../console/build.ts";

const built = buildConsole();

/** Bytes that are loaded before somebody can do something, compressed. */
const firstLoad = 250 * 1024;

it("is small: what is loaded first fits, and the SDK comes behind it", async () => {
  const files = await built;
  const page = files.at(-1);
  expect(page?.path).toBe("index.html");
  const html = Buffer.from(page?.body ?? []).toString();
  const first = files.filter(({ path }) => path === "index.html" || html.includes(path));
  expect(first.length).toBeGreaterThan(2);
  const bytes = first.reduce((sum, { body }) => sum + gzipSync(body).length, 0);
  expect(bytes).toBeLessThan(firstLoad);
  const all = files.reduce((sum, { body }) => sum + brotliCompressSync(body).length, 0);
  expect(all).toBeLessThan(2 * firstLoad);
  const texts = first.map(({ body }) => Buffer.from(body).toString());
  expect(texts.some((text) => text.includes("ListObjectsV2"))).toBe(false);
});

it("is there in one go, and shows itself before any schema is made", async () => {
  const files = await built;
  const html = Buffer.from(files.at(-1)?.body ?? []).toString();
  const [, main] = /<script type="module" src="\.\/([^"]+)"/u.exec(html) ?? [];
  const code = (path: string | undefined) =>
    Buffer.from(files.find((file) => file.path === path)?.body ?? []).toString();
  const preloaded = [...html.matchAll(/modulepreload" href="\.\/([^"]+)"/gu)].map(([, path]) => path);
  // Browsers have six connections to an HTTP/1.1 server: one has brought the page, and one brings its style.
  expect(preloaded.length).toBeLessThanOrEqual(4);
  const schemas = preloaded.filter((path) => code(path).includes("ZodError"));
  expect(schemas).toHaveLength(1);
  const needed = (path: string | undefined): readonly (string | undefined)[] => [
    path,
    ...[...code(path).matchAll(/(?:^|[;\n])(?:import|export)[^;()]*"\.\/([^"]+)"/gu)].flatMap(([, next]) =>
      needed(`assets/${next}`),
    ),
  ];
  expect(needed(main).filter((path) => schemas.includes(path))).toEqual([]);
  // All that is loaded for what is loaded at once is asked for at once.
  expect(schemas.flatMap(needed).filter((path) => path !== main && !preloaded.includes(path))).toEqual([]);
  expect(html).toContain("One moment…");
});

it("is the same each time, has nothing inline, and says in its files' names what is in them", async () => {
  const [one, other] = await Promise.all([built, buildConsole()]);
  expect(one).toEqual(other);
  const html = Buffer.from(one.at(-1)?.body ?? []).toString();
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|style=/u);
  for (const { path } of one.slice(0, -1)) expect(path).toMatch(/^assets\/[\w.-]+-[\w-]{8}\.(?:js|css)$/u);
  for (const [, path] of html.matchAll(/(?:src|href)="\.\/([^"]+)"/gu)) {
    expect(one.map((file) => file.path)).toContain(path);
  }
});
