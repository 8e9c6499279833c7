import { once } from "node:events";
import { enableCompileCache, flushCompileCache } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import * as z from "zod";
import { Invoke, type Report, WorkerData } from "./messages.ts";

type Handler = (event: unknown, context: Readonly<Record<string, unknown>>) => unknown;
const Module = z.object({
  handler: z.custom<Handler>((value) => typeof value === "function", "must export a handler"),
});

const port = parentPort;
if (port !== null) {
  const data = WorkerData.parse(workerData);
  const report = (message: Report) => port.postMessage(message);
  // Keyed by content: after the first load ever, every environment loads from it in a fraction of the time.
  enableCompileCache();
  const { handler } = Module.parse(await import(data.entry));
  port.on("message", async (message: unknown) => {
    const { requestId, event, deadline, arn } = Invoke.parse(message);
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
  flushCompileCache();
  await once(port, "close");
}
