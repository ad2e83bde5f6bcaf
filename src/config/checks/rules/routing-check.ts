import type { Config } from "../../schema/config.ts";
import type { Contradiction } from "../problem.ts";

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

type Sharing = Pick<Config, "domains" | "environment" | "network" | "region" | "routing">;

/** A contradiction between two environments, at the later one of them. */
export interface SharingProblem {
  readonly environment: string;
  /** The other one; its routing is as much in doubt. */
  readonly with: string;
  readonly contradiction: Contradiction;
}

/**
 * Environments of one file, in its order, whose records of a domain Route53 would not take next to each other. Route53 refuses records of one
 * name with different policies, a second primary or secondary, and a second latency record of a region:
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-shared.html
 * Two that are both simple are left to `up`, which asks Route53: they may take turns.
 */
export function* findSharingProblems(configs: readonly Sharing[]): Iterable<SharingProblem> {
  for (const [index, own] of configs.entries()) {
    for (const other of configs.slice(0, index)) {
      const domain = own.domains.find((one) => other.domains.includes(one));
      // A private address has its own zone, so nothing of it is next to a public record.
      if (domain === undefined || own.network.internal || other.network.internal) continue;
      const contradiction = contradict(domain, own, other);
      if (contradiction === undefined) continue;
      yield { environment: own.environment, with: other.environment, contradiction };
      break;
    }
  }
}

function contradict(domain: string, own: Sharing, other: Sharing): Contradiction | undefined {
  const paths = [["routing"], ["domain"], ["region"]] as const;
  const found = `${own.routing} for ${domain} in ${own.environment}, which ${other.environment} has with ${other.routing}`;
  const refuse = (allowed: string, suggestion?: string): Contradiction => ({
    paths,
    found,
    allowed,
    ...(suggestion === undefined ? {} : { suggestion }),
  });
  if (policyOf(own) !== policyOf(other)) {
    const whole = "latency in all environments with this domain, or one primary and one secondary";
    return refuse(whole, fitting[other.routing]);
  }
  if (own.routing === "simple") return undefined;
  if (own.routing === "latency") {
    if (own.region === "" || own.region !== other.region) return undefined;
    return {
      paths: [["region"], ["routing"], ["domain"]],
      found: `${own.region} with latency for ${domain} in ${own.environment}, which ${other.environment} has too`,
      allowed: "one latency environment a region and domain",
    };
  }
  if (own.routing !== other.routing) return undefined;
  return refuse("one primary and one secondary of a domain", fitting[other.routing]);
}

function policyOf({ routing }: Pick<Sharing, "routing">): "simple" | "latency" | "failover" {
  return routing === "primary" || routing === "secondary" ? "failover" : routing;
}

/** What an environment next to this one may have. */
const fitting: Partial<Readonly<Record<Config["routing"], Config["routing"]>>> = {
  latency: "latency",
  primary: "secondary",
  secondary: "primary",
};
