import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findCampaignFile } from "../../cli/campaign-file.ts";
import { Refused } from "../../cli/exit.ts";
import { check } from "../../library/index.ts";

const csv = "phone,message,snumber\n+447700900001,Hello,100\n";

/** What becomes of a file with this name and content, for whoever checks, sends or uploads it. */
async function found(name: string, content: string | Buffer): Promise<string> {
  await using directory = await mkdtempDisposable(join(tmpdir(), "named-otherwise-"));
  const path = join(directory.path, name);
  await writeFile(path, content);
  const told = await findCampaignFile(path, {}).then(
    ({ format }) => format,
    (error: unknown) => {
      expect(error).toBeInstanceOf(Refused);
      return error instanceof Refused ? error.message.replace(path, name) : "";
    },
  );
  const checked = check({ fileName: name, content: Buffer.from(content) });
  if (told === "csv" || told === "xlsx") await checked;
  else await expect(checked).rejects.toThrow(Refused);
  return told;
}

test.each([
  ["spring.pdf", "a PDF"],
  ["spring.DOCX", "a text document"],
  ["spring.xlsm", "another kind of spreadsheet"],
  ["spring.json", "data for programs"],
  ["spring.csv.gz", "an archive"],
  ["spring.csv.crdownload", "a download that did not come to its end"],
])("%s with the content of a CSV is asked about in one sentence", async (name, kind) => {
  expect(await found(name, csv)).toBe(
    `${name} has the name of ${kind}, but what it holds looks like a CSV. If it is the whole list, give it a name that ends in .csv.`,
  );
});

test("what is what its name says is called so", async () => {
  expect(await found("spring.pdf", "%PDF-1.7\n")).toBe(
    "This is a PDF, not a CSV. Upload the list of numbers as a CSV.",
  );
  expect(await found("spring.doc", "%PDF-1.7\n")).toMatch(/^This is a PDF/u);
  expect(await found("spring.json", '[{"phone":"1"}]')).toMatch(/^This is JSON/u);
});

test.each(["spring", "spring.txt", "spring.tsv", "spring.xls", "spring.2026", "spring.csv"])(
  "%s is read as the CSV that it holds",
  async (name) => {
    expect(await found(name, csv)).toBe("csv");
  },
);
