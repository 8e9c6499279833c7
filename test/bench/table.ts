import type { Finding } from "./benchmark.ts";

/** The findings as a Markdown table. */
export function tableOf(findings: readonly Finding[]): string {
  const rows = findings.map(({ what, measured, against, aim, met }) => [
    what,
    measured,
    against,
    aim,
    met === undefined ? "–" : met ? "met" : "**not met**",
  ]);
  return [["What", "Measured", "Against", "Aim", ""], ["---", "---", "---", "---", "---"], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}

/** The page that presents the figures. */
export const documentOf = (
  findings: readonly Finding[],
  notes: readonly string[],
  machine: string,
): string => `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${machine}.

Every figure is compared with a limit, or with a plain way of doing the same. Both are measured in the same run, in turn,
each in a process of its own; of several runs the median counts. Most figures are ratios, because your machine is a
different one: run the benchmarks on your own.

${tableOf(findings)}

${notes.map((note) => `- ${note}`).join("\n")}

\`npm run bench -- --quick\` shows within a minute that the benchmarks work, \`npm run bench -- plan\` runs one of them, and
\`--profile DIRECTORY\` writes a CPU profile of every measured process.
`;
