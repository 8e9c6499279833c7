/** Collects the text of a string: its runs without their formats, and without the readings set above Japanese names. */
export interface RichText {
  begin(): void;
  open(name: string): void;
  close(name: string): void;
  add(more: string): void;
  text(): string;
}

/** Nothing collected yet. */
export function createRichText(): RichText {
  let text = "";
  let inText = false;
  let phonetic = 0;
  return {
    begin: () => {
      text = "";
      inText = false;
      phonetic = 0;
    },
    open: (name) => {
      if (name === "rPh") phonetic++;
      inText = name === "t" && phonetic === 0;
    },
    close: (name) => {
      if (name === "rPh") phonetic--;
      if (name === "t") inText = false;
    },
    add: (more) => {
      if (inText) text += more;
    },
    text: () => plainText(text),
  };
}

/**
 * A stored text as it is meant. Characters that XML cannot hold stand as `_x000D_`, and such a text itself as
 * `_x005F_x000D_`; every line break is a line feed.
 */
export function plainText(stored: string): string {
  const text = stored.includes("_x")
    ? stored.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : stored;
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}
