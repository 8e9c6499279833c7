import { ratesFor } from "../../infra/rates.ts";
import { leaseSlackMs } from "../../shared/send/lease.ts";

/** The rates that the documents show, in calls per second. */
const shown = [0.05, 1, 10, 50, 200, 1000];

/** The table between the two marks in docs/architecture.md. Running this file prints it. */
export function ratesTable(): string {
  const header = [
    "calls per second",
    "rows per batch",
    "batches per invocation",
    "senders at once",
    "in flight, rows",
    "time-out, s",
    "lease, s",
    "visibility, s",
    "memory, MiB",
  ];
  const lines = shown.map((rate) => {
    const { batchRows, batchesPerInvocation, consumers, senderTimeoutSeconds, visibilitySeconds, senderMemoryMiB } =
      ratesFor(rate);
    return [
      rate,
      batchRows,
      batchesPerInvocation,
      consumers,
      batchRows * batchesPerInvocation * consumers,
      senderTimeoutSeconds,
      senderTimeoutSeconds + leaseSlackMs / 1000,
      visibilitySeconds,
      senderMemoryMiB,
    ];
  });
  const rows = [header, header.map(() => "--:"), ...lines];
  return `\n${rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n\n`;
}

if (import.meta.main) process.stdout.write(ratesTable());
