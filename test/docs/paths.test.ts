import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];

/** Everything in a document that is set as code and is a path from the repository's root. */
const pathsIn = (document: string) =>
  [
    ...readFileSync(document, "utf8").matchAll(
      /`((?:\.ci|cli|docs|examples|functions|infra|shared|test)\/[\w./-]*)`/gu,
    ),
  ].map(([, path = ""]) => path);

test.each(documents)("%s names only files and folders that exist", (document) => {
  expect(pathsIn(document).filter((path) => !existsSync(path))).toEqual([]);
});

test("the map of rooms has every folder of the source", () => {
  const map = readFileSync("docs/where-things-are.md", "utf8").split("## The rooms")[1] ?? "";
  const folders = ["cli", "infra", "infra/local", "shared"].flatMap((parent) =>
    readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${parent}/${name}`),
  );
  expect(folders.length).toBeGreaterThan(0);
  expect(folders.filter((folder) => !map.includes(`| \`${folder}\` |`))).toEqual([]);
});
