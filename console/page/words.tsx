import type { ComponentChildren } from "preact";
import { grouped } from "../../shared/in-words.ts";
import { inWords } from "../../shared/report/time-words.ts";

/** An instant (ISO 8601) by the clock of this device. */
export const Instant = ({ at }: { readonly at: string }) => (
  <time dateTime={at}>{inWords("instant", undefined, at)}</time>
);

/** A figure with what it counts. */
export const Figure = ({
  count,
  label,
  kind,
}: {
  readonly count: number;
  readonly label: string;
  readonly kind?: string;
}) => (
  <div class={`figure ${kind ?? ""}`}>
    <dd>{grouped(count)}</dd>
    <dt>{label}</dt>
  </div>
);

/** Something that went wrong, or that a person should know before going on. */
export const Notice = ({
  kind,
  children,
}: {
  readonly kind: "wrong" | "careful" | "good" | "plain";
  readonly children: ComponentChildren;
}) => <div class={`notice ${kind}`}>{children}</div>;

/** How much of something is done; says so to a screen reader only as the label does. */
export const Bar = ({ done, of, label }: { readonly done: number; readonly of: number; readonly label: string }) => (
  <progress value={of === 0 ? 1 : done} max={of === 0 ? 1 : of} aria-label={label} />
);

const units = ["bytes", "kB", "MB", "GB"] as const;

/** A size as people say it. */
export function sizeInWords(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
