/** Processor time that `work` takes in this thread, in milliseconds: unlike the wall's, it is not the machine's load. */
export async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
