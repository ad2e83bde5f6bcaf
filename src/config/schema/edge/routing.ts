import * as field from "../../fields/fields.ts";
import { key } from "../../fields/keys.ts";

/**
 * How Route53 chooses among stacks that share a domain, one a region. simple: the domain is this stack's alone. latency: the region that
 * answers a caller fastest. primary, secondary: the secondary is chosen while the primary has no healthy instance.
 */
export type Routing = "simple" | "latency" | "primary" | "secondary";

export const defaultRouting: Routing = "simple";

export const routing = key(
  field.choice(["simple", "latency", "primary", "secondary"]),
  "How several stacks, one a region, share a domain. simple: they do not. latency: each caller reaches the region that answers fastest. primary and secondary: the secondary gets the requests while the primary has no healthy instance.",
  defaultRouting,
);

/** Whether Route53 leads to the stack only while it has a healthy instance. The secondary gets what the primary cannot take, healthy or not. */
export function hasHealthChecks({ routing: chosen }: { readonly routing: Routing }): boolean {
  return chosen === "latency" || chosen === "primary";
}
