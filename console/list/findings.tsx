import { counted, grouped } from "../../shared/in-words.ts";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import { linesInWords, placesInWords } from "../../shared/report/places.ts";
import { byUrgency } from "../../shared/report/problem-rows.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { findingInPlainWords } from "../page/plain-words.ts";

type RowProblem = Summary["problems"][number];
type ListedWarning = NonNullable<Summary["warnings"]>[number];

/** Kinds of findings that are shown; the report has them all. */
const shown = 50;

/** What the statuses of rows are called here. */
export const statusWords: Readonly<Record<RowProblem["status"], string>> = {
  submitted: "Sent",
  failed: "Failed",
  unknown: "In doubt",
  invalid: "Cannot be sent",
  skipped: "Left out",
  cancelled: "Cancelled",
};

/** Why rows are not sent or are in doubt, the most urgent first, with the lines of the spreadsheet. */
export function Problems({ problems }: Pick<Summary, "problems">) {
  if (problems.length === 0) return null;
  const sorted = byUrgency.flatMap((status) => problems.filter((problem) => problem.status === status));
  return (
    <ul class="findings">
      {sorted.slice(0, shown).map((problem) => (
        <li key={`${problem.status} ${problem.reason} ${problem.code ?? ""} ${problem.key ?? ""}`}>
          <p>
            <span class={`tag ${problem.status}`}>{statusWords[problem.status]}</span>{" "}
            <strong>{counted(problem.count, "row")}</strong>
          </p>
          <p>
            <bdi>{visibleText(findingInPlainWords(problem.reason))}</bdi>
            {problem.code === undefined || problem.reason.includes(String(problem.code)) ? "" : ` (${problem.code})`}
          </p>
          <p class="small quiet">{placesInWords(problem.rows, problem.lines, problem.count)}</p>
          <Examples examples={(problem.examples ?? []).filter((example) => !problem.reason.includes(example))} />
        </li>
      ))}
      {problems.length > shown ? <li class="quiet">{grouped(problems.length - shown)} more kinds.</li> : null}
    </ul>
  );
}

/** What a person should look at before a list is sent. */
export function Warnings({ warnings = [] }: { readonly warnings?: readonly ListedWarning[] }) {
  if (warnings.length === 0) return null;
  return (
    <ul class="findings">
      {warnings.map(({ code, text, count = 0, lines = [], examples = [] }) => (
        <li key={code}>
          <p>
            <bdi>{visibleText(findingInPlainWords(text))}</bdi>
          </p>
          <p class="small quiet">
            {[count > 1 ? `${grouped(count)} times` : "", linesInWords(lines, count > lines.length)]
              .filter((part) => part !== "")
              .join(", ")}
          </p>
          <Examples examples={examples} />
        </li>
      ))}
    </ul>
  );
}

const examplesShown = 3;

const Examples = ({ examples }: { readonly examples: readonly string[] }) =>
  examples.length === 0 ? null : (
    <p class="small quiet">
      For example{" "}
      {examples.slice(0, examplesShown).map((example, at) => (
        <span key={example}>
          {at > 0 ? ", " : ""}
          <bdi>{example.includes('"') ? visibleText(example) : `“${visibleText(example)}”`}</bdi>
        </span>
      ))}
    </p>
  );
