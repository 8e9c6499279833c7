import type { Defaults } from "../campaign/options.ts";
import { knownResults } from "../known-results.ts";
import { createWayToStop } from "../opt-outs/way-to-stop.ts";
import type { RowTexts } from "./row-text.ts";

/** Row texts, and whether the stack's footer was put under the one that was rendered last. */
export interface FootedTexts extends RowTexts {
  readonly footed: () => boolean;
}

/** Puts the stack's footer on a line of its own under each text that names no way to stop. */
export function withFooter(texts: RowTexts, optOut: Defaults["optOut"]): FootedTexts {
  if (optOut === undefined) return { ...texts, footed: () => false };
  const namesWay = knownResults(createWayToStop(optOut));
  let footed = false;
  return {
    ...texts,
    footed: () => footed,
    render: (cells) => {
      const text = texts.render(cells);
      footed = false;
      if (text.kind !== "text" || namesWay(text.text)) return text;
      footed = true;
      return { ...text, text: `${text.text.trimEnd()}\n${optOut.footer}` };
    },
  };
}
