/** How often one caller called one operation of one service. */
export interface RequestCount {
  readonly caller: string;
  readonly service: string;
  readonly operation: string;
  readonly count: number;
}

/** Counts requests, so that a test can check them against a budget. */
export interface UsageRecorder {
  count(caller: string, service: string, operation: string): void;
  requests(): readonly RequestCount[];
}

/** Creates a recorder with nothing counted yet. */
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
