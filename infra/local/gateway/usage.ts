/** How often one caller asked one operation of one service. */
export interface RequestCount {
  readonly caller: string;
  readonly service: string;
  readonly operation: string;
  readonly count: number;
}

/** Counts requests, so that a test can hold them against a budget. */
export interface UsageRecorder {
  count(caller: string, service: string, operation: string): void;
  requests(): readonly RequestCount[];
}

/** An empty account of requests. */
export function createUsageRecorder(): UsageRecorder {
  const counts = new Map<string, { caller: string; service: string; operation: string; count: number }>();
  return {
    count: (caller, service, operation) => {
      const id = `${caller} ${service} ${operation}`;
      const entry = counts.get(id);
      if (entry === undefined) counts.set(id, { caller, service, operation, count: 1 });
      else entry.count += 1;
    },
    requests: () => [...counts.values()].map((entry) => ({ ...entry })),
  };
}
