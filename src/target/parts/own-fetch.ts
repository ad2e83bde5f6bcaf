import type { Protocol } from "../../config/schema/requests.ts";
import type { Deps } from "../../deps.ts";
import type { FleetOutputs, SingleOutputs } from "../../state/stack-record.ts";

type AddressFetch = Pick<Deps, "fetch" | "fetchHttp2" | "fetchThrough">;

/** Asks the address by its own name, as its users do. */
export function publicFetch(deps: AddressFetch, protocol: Protocol): typeof fetch {
  return protocol === "http1" ? deps.fetch : deps.fetchHttp2();
}

/**
 * Asks the load balancer itself, by its own name. A resolver that has kept "no such name", or that answers with another address inside a
 * company, must not make a good version look bad. A domain that is shared may lead to another region.
 */
export function ownFetch(
  deps: AddressFetch,
  protocol: Protocol,
  outputs:
    | Pick<FleetOutputs, "cloudfront" | "load_balancer_dns_name" | "url">
    | Pick<SingleOutputs, "cloudfront" | "machine" | "url">,
): typeof fetch {
  const { cloudfront, url } = outputs;
  const host = "machine" in outputs ? outputs.machine.address : outputs.load_balancer_dns_name;
  if (protocol !== "http1") return deps.fetchHttp2(host);
  // Only CloudFront reaches its load balancer, and its own name always resolves.
  return cloudfront !== undefined || new URL(url).host === host
    ? deps.fetch
    : deps.fetchThrough(host);
}
