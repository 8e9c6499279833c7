import { createRichText, plainText } from "./rich-text.ts";
import { createTextStore, type TextStore } from "./text-store.ts";
import { readXml } from "./xml.ts";

/** A text as nearly all are, without formats of its own and anything that XML writes otherwise. */
const plainItem = /<si><t(?: xml:space="preserve")?>([^<&\]]*)<\/t><\/si>/y;

/** The texts that cells refer to by their position. */
export async function readSharedStrings(chunks: AsyncIterable<string> | undefined): Promise<TextStore> {
  const strings = createTextStore();
  if (chunks === undefined) return strings;
  const item = createRichText();
  /** An item within another one comes piece by piece like that. */
  let itemsOpen = 0;
  await readXml(chunks, {
    open: (name) => {
      if (name === "si") {
        itemsOpen++;
        item.begin();
      } else item.open(name);
    },
    close: (name) => {
      if (name === "si") {
        itemsOpen--;
        strings.add(item.text());
      } else item.close(name);
    },
    text: item.add,
    shortcut: (text, at) => {
      if (itemsOpen > 0) return -1;
      plainItem.lastIndex = at;
      const found = plainItem.exec(text);
      if (found === null) return -1;
      strings.add(plainText(found[1] ?? ""));
      return plainItem.lastIndex;
    },
  });
  return strings;
}
