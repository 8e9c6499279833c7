import { zonesInWords } from "../../shared/campaign/recipient-hours.ts";
import { counted } from "../../shared/in-words.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { personName } from "../page/person-name.ts";
import { Instant } from "../page/words.tsx";

/** Who did what to a campaign, the latest first. */
export function History({ summary: { history } }: { readonly summary: Summary }) {
  if (history.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="history-title">
      <h2 id="history-title">What happened</h2>
      <ol class="history">
        {history.toReversed().map((deed, at) => (
          <li key={history.length - at}>
            <span>
              {personName(deed.by)} {deed.what}
              {deed.rate === undefined ? "" : ` to ${deed.rate} a second`}
            </span>{" "}
            <span class="small quiet">
              <Instant at={deed.at} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Groups of zones that are shown: those with the most rows. */
const groupsShown = 12;

/** When the recipients of each time zone get it, where hours are by their own clocks. */
export function Zones({ summary: { zones = [] } }: { readonly summary: Summary }) {
  if (zones.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="zones-title">
      <h2 id="zones-title">By the recipients’ clocks</h2>
      <ul class="findings">
        {zones
          .toSorted((a, b) => b.rows - a.rows)
          .slice(0, groupsShown)
          .map(({ zones: names, rows, opensAt, doneAt, late }) => (
            <li key={names.join()}>
              <p>
                {zonesInWords(names)}: {counted(rows, "message")}
              </p>
              <p class="small quiet">
                {opensAt === undefined ? null : (
                  <>
                    from <Instant at={opensAt} />{" "}
                  </>
                )}
                {late === undefined ? null : `about ${counted(late, "message")} not in time `}
                {doneAt === undefined || late !== undefined ? null : (
                  <>
                    done about <Instant at={doneAt} />
                  </>
                )}
              </p>
            </li>
          ))}
      </ul>
    </section>
  );
}
