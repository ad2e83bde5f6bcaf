import type * as z from "zod/mini";
import { secondsOf } from "../fields/duration.ts";
import * as field from "../fields/fields.ts";
import { group, key } from "../fields/keys.ts";

/** The requests of users. */
export interface RequestSettings {
  readonly timeoutSeconds: number;
}

const byDefault = { timeout: "60s" } as const;

export const requests = group("The requests of your users.", {
  timeout: key(
    // The limits of the load balancer's idle timeout.
    field.duration(1, 4000),
    "Time that the app may send nothing, before its answer or within a stream. Then the load balancer answers 504 or ends the stream.",
    byDefault.timeout,
  ),
});

type RequestKeys = NonNullable<z.infer<typeof requests>>;

export function settleRequests(keys: RequestKeys = {}): RequestSettings {
  return { timeoutSeconds: secondsOf(keys.timeout ?? byDefault.timeout) };
}
