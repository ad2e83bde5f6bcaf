import { logMark } from "../balancer/haproxy-config.ts";

/** One answered request, from the load balancer's access log. */
export interface RequestSample {
  /** The time of the answer in seconds since 1970. */
  readonly at: number;
  /** app/NAME/ID */
  readonly loadBalancer: string;
  /** targetgroup/NAME/ID; null for a request without a target group. */
  readonly targetGroup: string | null;
  readonly status: number;
  /** Whether a target was chosen. */
  readonly routed: boolean;
  /** Whether a target answered, not the load balancer. */
  readonly fromTarget: boolean;
  /** From sending the request until the target began to answer. */
  readonly targetSeconds: number | null;
  /** Whether no connection to the chosen target came about. */
  readonly connectFailed: boolean;
}

/** Undefined for lines of the load balancer's output that do not belong to its access log. */
export function parseLogLine(line: string): RequestSample | undefined {
  const [mark, accepted, frontend, backend, server, status, responseMs, totalMs, end] =
    line.split(" ");
  if (mark !== logMark || frontend === undefined || backend === undefined || end === undefined)
    return undefined;
  const [, kind, name, id] = frontend.split(":");
  // HAProxy's first letter is the cause of the end: "-" is a normal end, C the client; the others are a failed target or HAProxy.
  const routed = server !== "<NOSRV>";
  const fromTarget =
    routed && Number(responseMs) >= 0 && (end.startsWith("-") || end.startsWith("C"));
  return {
    at: Number(accepted) + Math.max(0, Number(totalMs)) / 1000,
    loadBalancer: `${kind}/${name}/${id}`,
    targetGroup: backend.startsWith("targetgroup:") ? backend.replaceAll(":", "/") : null,
    status: Number(status),
    routed,
    fromTarget,
    // The second letter is the phase; C is the connection to the target.
    connectFailed: routed && end.slice(1, 2) === "C" && !end.startsWith("C"),
    targetSeconds: fromTarget ? Number(responseMs) / 1000 : null,
  };
}
