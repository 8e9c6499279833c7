import { counted } from "../../shared/in-words.ts";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import type { Summary } from "../../shared/report/summary.ts";

/** A message as its reader's phone shows it. */
export function Bubble({
  text,
  segments,
  heading,
}: {
  readonly text: string;
  readonly segments?: number;
  readonly heading: string;
}) {
  return (
    <li class="bubble-row">
      <p class="small quiet">{heading}</p>
      <p class="bubble" dir="auto">
        {visibleText(text)}
      </p>
      {segments === undefined ? null : <p class="small quiet">{counted(segments, "SMS", "SMS")}</p>}
    </li>
  );
}

/** The messages of a summary as they will read: the first, and the longest of all. */
export function Messages({ summary }: { readonly summary: Pick<Summary, "messages" | "checked"> }) {
  const { messages = [], checked } = summary;
  const longest = messages.some(({ row }) => row === checked?.longest?.row) ? undefined : checked?.longest;
  if (messages.length === 0) return null;
  return (
    <ol class="phone" aria-label="Messages as they will read">
      {messages.map((message) => (
        <Bubble
          key={message.row}
          text={message.message}
          segments={message.segments}
          heading={`${place(message)}, to ${visibleText(message.cnumber)}, from ${visibleText(message.snumber)}`}
        />
      ))}
      {longest === undefined ? null : (
        <Bubble
          key="longest"
          text={longest.message}
          segments={longest.segments}
          heading={`The longest: ${place(longest).toLowerCase()}, to ${visibleText(longest.cnumber)}`}
        />
      )}
    </ol>
  );
}

const place = ({ row, line }: { readonly row: number; readonly line?: number }) =>
  line === undefined ? `Row ${row}` : `Line ${line}`;
