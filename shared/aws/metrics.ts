import { MetricUnit, Metrics as Powertools } from "@aws-lambda-powertools/metrics";
import { type Metrics, metricsNamespace } from "../ports/metrics.ts";

/** Metrics that are collected and written at the end of an invocation. */
export interface BufferedMetrics extends Metrics {
  /** Writes what was added since the last flush; call it when an invocation ends. */
  flush(): void;
}

/**
 * Metrics as log lines in CloudWatch's embedded format, so that counting costs no call.
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
