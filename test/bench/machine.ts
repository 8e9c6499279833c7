import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";

/** This machine, described in one line. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() || "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${availableParallelism()} cores, ${memory} GiB, ${platform()} ${release()} ${arch()}, Node ${process.version}`;
}
