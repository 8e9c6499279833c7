import type { Bucket } from "../../shared/ports/bucket.ts";

/** A bucket that keeps what is put into it in memory; everything else is out of this test's reach. */
export function memoryBucket() {
  const objects = new Map<string, Buffer>();
  const missing = async () => {
    throw new Error("not used by the report");
  };
  const bucket: Bucket = {
    async put(key, body) {
      const chunks: Buffer[] = [];
      if (typeof body === "string") chunks.push(Buffer.from(body));
      else for await (const chunk of body) chunks.push(Buffer.from(chunk));
      objects.set(key, Buffer.concat(chunks));
      return "1";
    },
    get: missing,
    head: missing,
    list: () => {
      throw new Error("not used by the report");
    },
    delete: missing,
    replace: missing,
  };
  return { bucket, text: (key: string) => objects.get(key)?.toString("utf8"), keys: () => [...objects.keys()] };
}
