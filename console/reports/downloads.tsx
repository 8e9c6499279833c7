import { useSignal } from "@preact/signals";
import { reportFileNames, reportKey } from "../../shared/ports/bucket-layout.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { troubleInWords, useApp } from "../page/app.ts";
import { saveFile } from "./save-file.ts";

/** What people look for first comes first. */
const order: readonly string[] = [
  reportFileNames.reportSheet,
  reportFileNames.notSentSheet,
  reportFileNames.unknownSheet,
  reportFileNames.page,
  reportFileNames.report,
  reportFileNames.notSent,
  reportFileNames.unknown,
];

const notSent: ReadonlySet<string> = new Set([reportFileNames.notSent, reportFileNames.notSentSheet]);
const inDoubt: ReadonlySet<string> = new Set([reportFileNames.unknown, reportFileNames.unknownSheet]);

/** Whether a file has nothing but a header. */
const isEmpty = (file: string, { counts }: Summary) =>
  (notSent.has(file) && counts.failed + counts.invalid + counts.cancelled === 0) ||
  (inDoubt.has(file) && counts.unknown === 0);

/** Why a click does not show it. */
const howToOpen = "It is saved; open it from there. Shown here, what people wrote in it could act in your name.";

/** The files of a report. A report's page is saved like the others: it has scripts of its own, which this page lets nobody run. */
export function Downloads({ summary }: { readonly summary: Summary }) {
  const app = useApp();
  const busy = useSignal<string | undefined>(undefined);
  const fault = useSignal<string | undefined>(undefined);
  const { name, files } = summary;
  const known = files.filter((file) => file.name !== reportFileNames.summary && !isEmpty(file.name, summary));
  const rank = (file: string) => (order.indexOf(file) + order.length + 1) % (order.length + 1);
  const sorted = known.toSorted((a, b) => rank(a.name) - rank(b.name));
  if (sorted.length === 0) return null;
  const download = async (file: string) => {
    busy.value = file;
    fault.value = undefined;
    try {
      const content = await app.cloud.objects.download(reportKey(name, file));
      if (content === undefined) fault.value = `${file} is no longer there: reports are kept for a while only.`;
      else saveFile(content, `${name.split("/").at(-1) ?? name} ${file}`);
    } catch (error) {
      fault.value = troubleInWords(app, error);
    } finally {
      busy.value = undefined;
    }
  };
  return (
    <section class="step" aria-labelledby="downloads-title">
      <h2 id="downloads-title">The report</h2>
      <ul class="downloads">
        {sorted.map((file, at) => (
          <li key={file.name}>
            <button
              type="button"
              class={at === 0 ? "primary" : ""}
              // A disabled button would lose the focus.
              aria-disabled={busy.value !== undefined}
              onClick={() => {
                if (busy.value === undefined) void download(file.name);
              }}
            >
              {busy.value === file.name ? "Fetching…" : file.name}
            </button>
            <span class="small quiet">
              {file.holds}
              {file.name === reportFileNames.page ? ` ${howToOpen}` : ""}
            </span>
          </li>
        ))}
      </ul>
      <p role="alert" class="fault">
        {fault.value}
      </p>
    </section>
  );
}
