import type { Deps } from "../../deps.ts";
import type { FleetOutputs, SingleOutputs } from "../../state/stack-record.ts";

/**
 * Asks the load balancer itself, by its own name. A resolver that has kept "no such name", or that answers with another address inside a
 * company, must not make a good version look bad. A domain that is shared may lead to another region.
 */
export function ownFetch(
  deps: Pick<Deps, "fetch" | "fetchThrough">,
  outputs:
    | Pick<FleetOutputs, "cloudfront" | "load_balancer_dns_name" | "url">
    | Pick<SingleOutputs, "cloudfront" | "machine" | "url">,
): typeof fetch {
  const { cloudfront, url } = outputs;
  const host = "machine" in outputs ? outputs.machine.address : outputs.load_balancer_dns_name;
  // Only CloudFront reaches its load balancer, and its own name always resolves.
  return cloudfront !== undefined || new URL(url).host === host
    ? deps.fetch
    : deps.fetchThrough(host);
}
