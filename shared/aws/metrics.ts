import { MetricUnit, Metrics as Powertools } from "@aws-lambda-powertools/metrics";
import type { Metrics } from "../ports/metrics.ts";

/** CloudWatch namespace of all figures; each has the one dimension `service`. */
export const metricsNamespace = "BulkSend";

/** Metrics that are written at the end of an invocation. */
export interface BufferedMetrics extends Metrics {
  /** Writes what was added since the last time; to be called when an invocation ends. */
  flush(): void;
}

/**
 * Metrics as lines of the function's log in CloudWatch's embedded format, so that counting costs no call.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html
 */
export function createMetrics(service: string): BufferedMetrics {
  const metrics = new Powertools({ namespace: metricsNamespace, serviceName: service });
  return {
    add: (name, value) => {
      metrics.addMetric(name, name === "CallMs" ? MetricUnit.Milliseconds : MetricUnit.Count, value);
    },
    flush: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
