import type { Defaults } from "../campaign/options.ts";
import { createWayToStop } from "../opt-outs/way-to-stop.ts";
import type { RowTexts } from "./row-text.ts";

/** Row texts, and whether the stack's footer was put under the one that was rendered last. */
export interface FootedTexts extends RowTexts {
  readonly footed: () => boolean;
}

/** Texts kept of which it is known whether they name a way to stop: many lists have one text for all. */
const textsKept = 1000;

/** Puts the stack's footer on a line of its own under each text that names no way to stop. */
export function withFooter(texts: RowTexts, optOut: Defaults["optOut"]): FootedTexts {
  if (optOut === undefined) return { ...texts, footed: () => false };
  const namesWay = createWayToStop(optOut);
  const known = new Map<string, boolean>();
  const isNamed = (text: string) => {
    const named = known.get(text) ?? namesWay(text);
    if (known.size >= textsKept) known.clear();
    known.set(text, named);
    return named;
  };
  let footed = false;
  return {
    ...texts,
    footed: () => footed,
    render: (cells) => {
      const text = texts.render(cells);
      footed = text.kind === "text" && !isNamed(text.text);
      return text.kind === "text" && footed ? { ...text, text: `${text.text.trimEnd()}\n${optOut.footer}` } : text;
    },
  };
}
