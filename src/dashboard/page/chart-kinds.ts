import type { Unit } from "../page-words.ts";

export interface ChartKind {
  readonly id: "shares" | "requests" | "latency" | "errors";
  readonly title: string;
  readonly note: string;
  readonly unit: Unit;
  /** The lines together are the whole, and a value holds until the next. */
  readonly isShare: boolean;
}

/** In the order of the page. */
export const chartKinds: readonly ChartKind[] = [
  {
    id: "shares",
    title: "Traffic shares",
    note: "Live while this page is open; by the requests before.",
    unit: "%",
    isShare: true,
  },
  {
    id: "requests",
    title: "Requests",
    note: "A minute, as CloudWatch has them; AWS is a few minutes late.",
    unit: "",
    isShare: false,
  },
  {
    id: "latency",
    title: "Latency",
    note: "How long answers take at the load balancer, by percentiles.",
    unit: "ms",
    isShare: false,
  },
  {
    id: "errors",
    title: "Errors",
    note: "Answers of 5xx a minute.",
    unit: "",
    isShare: false,
  },
];
