import type { Config } from "../schema/config.ts";
import type { Contradiction } from "./problem.ts";

/** The part of `findContradictions` that is about a domain that several regions share. */
export function* checkRouting({
  domains,
  https,
  network,
  routing,
}: Pick<Config, "domains" | "https" | "network" | "routing">): Iterable<Contradiction> {
  if (routing === "simple") return;
  if (https === "cloudfront") {
    yield {
      paths: [["routing"], ["https"]],
      found: `${routing} with https: cloudfront`,
      allowed: `${routing} with a domain and a zone: Route53 chooses among a domain's records, and CloudFront's name is not in it`,
    };
  } else if (domains.length === 0) {
    yield {
      paths: [["routing"], ["domain"]],
      found: `${routing} without a domain`,
      allowed: `${routing} with a domain and a zone, the same in each region's environment`,
    };
  }
  if (network.internal) {
    yield {
      paths: [["routing"], ["network", "internal"]],
      found: `${routing} with a private address`,
      allowed:
        "one of the two: a caller reaches a private address in its own network only, so Route53 could lead it to one that it does not reach",
    };
  }
}
