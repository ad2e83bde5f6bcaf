import type { FactSight, ServiceSight } from "../report/sights.ts";

/** All that the page shows, as of one look. The server sends it whole; the page draws it. So this file imports nothing that a browser lacks. */
export interface PageDocument {
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  /** The stack's address. */
  readonly url: string;
  readonly healthy: boolean;
  /** The release that is in progress, or was interrupted; null when there is none. */
  readonly rollout: PageRollout | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Without what the page shows elsewhere. */
  readonly facts: readonly FactSight[];
  readonly sight: Pick<ServiceSight, "colours" | "instances" | "stage">;
  readonly alarms: readonly PageAlarm[];
  /** Newest first. */
  readonly releases: readonly PageRelease[];
  readonly charts: Charts;
  /** Null until it is known, which takes seconds. */
  readonly cost: PageCost | null;
  /** What could not be asked. */
  readonly warnings: readonly string[];
}

export interface PageRollout {
  readonly release: number;
  readonly version: string;
  readonly step: string;
  readonly state: "running" | "unfinished";
  readonly holder: string | null;
}

export interface PageAlarm {
  readonly name: string;
  /** OK, ALARM, INSUFFICIENT_DATA, or MISSING */
  readonly state: string;
  readonly reason: string;
  /** Starting instances set it off, so it does not count yet. */
  readonly isExpected: boolean;
}

/** By list prices; what was spent is not among it, because AWS charges for each look. In words, as `cost` prints them. */
export interface PageCost {
  readonly sum: string;
  readonly parts: readonly PageCostPart[];
  /** What is in no sum, and where to see what was spent. */
  readonly notes: readonly string[];
  /** Null where the configuration has none. */
  readonly budget: Pick<FactSight, "mood" | "text"> | null;
}

export interface PageCostPart {
  readonly part: string;
  readonly what: string;
  /** USD a month, or that the price is not known. */
  readonly price: string;
}

/** Moments are milliseconds since 1970. */
export interface PageRelease {
  readonly release: number;
  readonly kind: "release" | "rollback" | "restart";
  readonly version: string;
  readonly colour: "blue" | "green";
  /** Null for the first release. */
  readonly strategy: string | null;
  readonly outcome:
    | "in-progress"
    | "succeeded"
    | "failed"
    | "timed-out"
    | "rolled-back"
    | "cancelled";
  readonly reason: string | null;
  readonly who: string;
  readonly message: string | null;
  /** Whether all traffic was its own once it had ended. */
  readonly hasServed: boolean;
  readonly began: number;
  /** Null while it is in progress. */
  readonly ended: number | null;
}

export interface Charts {
  /** The axis of all charts, in seconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Per cent of the traffic. A value holds until the next one. */
  readonly shares: Chart;
  /** Requests a minute. */
  readonly requests: Chart;
  /** Milliseconds. */
  readonly latency: Chart;
  /** Failures a minute. */
  readonly errors: Chart;
}

export interface Chart {
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
}

export interface ChartLine {
  readonly id: string;
  readonly label: string;
  /** One for each time; null where there is none. */
  readonly values: readonly (number | null)[];
}
