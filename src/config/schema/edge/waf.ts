import type * as z from "zod/mini";
import * as field from "../../fields/fields.ts";
import { group, key } from "../../fields/keys.ts";

/** AWS WAF in front of the address. */
export interface WafSettings {
  /** none: there is no web ACL. count: its rules count and log. block: they block. */
  readonly mode: "none" | "count" | "block";
  /** Requests of one address in five minutes. */
  readonly rate: number;
}

const byDefault = { mode: "none", rate: 10_000 } as const;

export const waf = group("AWS WAF in front of the address.", {
  mode: key(
    field.choice(["none", "count", "block"]),
    "What AWS WAF does with bad addresses, known attacks, SQL injections and too many requests. none: it is not there, and costs nothing. count: it counts and logs them. block: it answers 403, or 429 above the rate. Bodies are only ever counted.",
    byDefault.mode,
  ),
  rate: key(
    // A release asks twice a second. The upper end is AWS WAF's own (API_RateBasedStatement).
    field.wholeNumber(1000, 2_000_000_000, "requests"),
    "Requests of one address in five minutes, above which it is blocked for a while.",
    byDefault.rate,
  ),
});

type WafKeys = NonNullable<z.infer<typeof waf>>;

export function settleWaf(keys: WafKeys = {}): WafSettings {
  return { mode: keys.mode ?? byDefault.mode, rate: keys.rate ?? byDefault.rate };
}
