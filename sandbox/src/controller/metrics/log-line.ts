import { logMark } from "../balancer/haproxy-config.ts";

/** One answered request, from the load balancer's access log. */
export interface RequestSample {
  /** Seconds since 1970, when it was answered. */
  readonly at: number;
  /** app/NAME/ID */
  readonly loadBalancer: string;
  /** targetgroup/NAME/ID; null when it went to no target group. */
  readonly targetGroup: string | null;
  readonly status: number;
  /** Whether a target was chosen for it. */
  readonly routed: boolean;
  /** Whether a target answered; otherwise the load balancer did. */
  readonly fromTarget: boolean;
  /** From the sending of the request until the target began to answer. */
  readonly targetSeconds: number | null;
}

/** Undefined for every line of the balancer's output that is not of its access log. */
export function parseLogLine(line: string): RequestSample | undefined {
  const [mark, accepted, frontend, backend, server, status, responseMs, totalMs, end] =
    line.split(" ");
  if (mark !== logMark || frontend === undefined || backend === undefined || end === undefined)
    return undefined;
  const [, kind, name, id] = frontend.split(":");
  // HAProxy's first letter says who ended it: "-" nobody too early, C the client, else a target that failed or HAProxy itself.
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
    targetSeconds: fromTarget ? Number(responseMs) / 1000 : null,
  };
}
