import type * as z from "zod/mini";
import { secondsOf } from "../fields/time/duration.ts";
import * as field from "../fields/fields.ts";
import { group, key } from "../fields/keys.ts";

/** What the container speaks on its port, without TLS. */
export type Protocol = (typeof protocols)[number];

export const protocols = ["http1", "http2", "grpc"] as const;

/** The requests of users. */
export interface RequestSettings {
  readonly timeoutSeconds: number;
  readonly protocol: Protocol;
}

const byDefault = { timeout: "60s", protocol: "http1" } as const;

export const requests = group("The requests of your users.", {
  timeout: key(
    // The limits of the load balancer's idle timeout.
    field.duration(1, 4000),
    "Time that the app may send nothing, before its answer or within a stream. Then the load balancer answers 504 or ends the stream.",
    byDefault.timeout,
  ),
  protocol: key(
    field.choice(protocols),
    "What the container speaks on its port: http1 for HTTP/1.1, http2 for HTTP/2 without TLS, grpc for gRPC. It cannot change later. http2 and grpc need a domain, and clients that speak HTTP/2; health checks and probes speak the same.",
    byDefault.protocol,
  ),
});

type RequestKeys = NonNullable<z.infer<typeof requests>>;

export function settleRequests(keys: RequestKeys = {}): RequestSettings {
  return {
    timeoutSeconds: secondsOf(keys.timeout ?? byDefault.timeout),
    protocol: keys.protocol ?? byDefault.protocol,
  };
}
