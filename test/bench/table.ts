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

/** The page about the figures. */
export const documentOf = (
  findings: readonly Finding[],
  notes: readonly string[],
  machine: string,
): string => `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${machine}.

Every figure is held against a limit, or against a plain way of doing the same that was measured in the same run, in
turn, in processes of their own; of several runs the median counts. They are ratios because the machine is not yours:
run it on your own.

${tableOf(findings)}

${notes.map((note) => `- ${note}`).join("\n")}

\`npm run bench -- --quick\` shows in a minute that the measuring works, \`npm run bench -- plan\` measures one thing, and
\`--profile DIRECTORY\` writes a CPU profile of every process that is measured.
`;
