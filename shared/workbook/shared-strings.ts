import { createRichText } from "./rich-text.ts";
import { createTextStore, type TextStore } from "./text-store.ts";
import { readXml } from "./xml.ts";

/** The texts that cells refer to by their position. */
export async function readSharedStrings(chunks: AsyncIterable<string> | undefined): Promise<TextStore> {
  const strings = createTextStore();
  if (chunks === undefined) return strings;
  const item = createRichText();
  await readXml(chunks, {
    open: (name) => {
      if (name === "si") item.begin();
      else item.open(name);
    },
    close: (name) => {
      if (name === "si") strings.add(item.text());
      else item.close(name);
    },
    text: item.add,
  });
  return strings;
}
