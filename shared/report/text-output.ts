import { createOutput } from "./output.ts";

const chunkCharacters = 128 * 1024;

/** An output that takes text. */
export type TextOutput = ReturnType<typeof createTextOutput>;

/** An output of text, gathered into chunks that are worth an upload's while. */
export function createTextOutput() {
  const output = createOutput();
  let text = "";

  const flush = () => {
    const chunk = Buffer.from(text, "utf8");
    text = "";
    return output.write(chunk);
  };

  return {
    chunks: output.chunks,
    fail: output.fail,
    isRead: output.isRead,
    /** Adds text. A promise is returned only when the writer should wait; it rejects when the output failed. */
    add(more: string): Promise<void> | undefined {
      text += more;
      return text.length >= chunkCharacters ? flush() : undefined;
    },
    /** Hands over what is left; nothing more comes. */
    async end(): Promise<void> {
      if (text !== "") await flush();
      output.end();
    },
  };
}
