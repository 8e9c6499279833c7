import { once } from "node:events";
import { flushCompileCache } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { Invoke, Report, WorkerData } from "./messages.ts";

type Handler = (event: unknown, context: Readonly<Record<string, unknown>>) => unknown;

const port = parentPort;
if (port !== null) {
  const data: WorkerData = workerData;
  const report = (message: Report) => port.postMessage(message);
  const { handler }: { readonly handler: Handler } = await import(data.entry);
  port.on("message", async ({ requestId, event, deadline, arn }: Invoke) => {
    const context = {
      awsRequestId: requestId,
      functionName: data.functionName,
      functionVersion: "$LATEST",
      invokedFunctionArn: arn,
      memoryLimitInMB: String(data.memoryMb),
      logGroupName: data.logFile,
      logStreamName: data.logFile,
      callbackWaitsForEmptyEventLoop: false,
      getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
    };
    try {
      const value = await handler(event, context);
      // Lambda hands back JSON, whatever the handler returned.
      report({ kind: "returned", requestId, value: value === undefined ? null : JSON.parse(JSON.stringify(value)) });
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      console.error(JSON.stringify({ level: "ERROR", message: "Invoke Error", awsRequestId: requestId, error: text }));
      report({ kind: "threw", requestId, error: error instanceof Error ? error.message : String(error) });
    }
  });
  report({ kind: "ready" });
  // After the first load ever, every environment loads what was compiled in a fraction of the time.
  flushCompileCache();
  await once(port, "close");
}
