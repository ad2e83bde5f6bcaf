import { checkAlerts } from "./rules/alerts-check.ts";
import { checkBudget } from "./rules/budget-check.ts";
import { checkContainer } from "./rules/fleet/container-check.ts";
import { checkCloudfront } from "./rules/cloudfront-check.ts";
import { checkGpus } from "./rules/fleet/gpus-check.ts";
import { checkGithub } from "./rules/github-check.ts";
import { checkImage } from "./rules/image-check.ts";
import { checkInstances } from "./rules/fleet/instances-check.ts";
import { quote, type Contradiction } from "./problem.ts";
import { checkModel } from "./rules/fleet/model-check.ts";
import { checkNetwork } from "./rules/network-check.ts";
import { checkOidc } from "./rules/oidc-check.ts";
import { checkProtocol } from "./rules/protocol-check.ts";
import { checkRelease } from "./rules/release-check.ts";
import { checkRouting } from "./rules/routing-check.ts";
import { checkScaling } from "./rules/fleet/scaling-check.ts";
import { checkSecrets } from "./rules/secrets-check.ts";
import { checkSingle } from "./rules/single-check.ts";
import { checkState } from "./rules/state-check.ts";
import type { Config } from "../schema/config.ts";

/** Settings that are each valid, but not together. */
export function findContradictions(config: Config): readonly Contradiction[] {
  return [
    ...checkName(config),
    ...checkInstances(config),
    ...checkGpus(config),
    ...checkImage(config),
    ...checkHealth(config),
    ...checkContainer(config),
    ...checkModel(config),
    ...checkNetwork(config),
    ...checkDomain(config),
    ...checkRouting(config),
    ...checkTags(config),
    ...checkAlerts(config),
    ...checkBudget(config),
    ...checkRelease(config),
    ...checkScaling(config),
    ...checkSecrets(config),
    ...checkGithub(config),
    ...checkCloudfront(config),
    ...checkOidc(config),
    ...checkProtocol(config),
    ...checkState(config),
    ...checkSingle(config),
  ];
}

/** Elastic Load Balancing refuses load balancers whose names begin with internal- (CreateLoadBalancer). The stack's begins with this name. */
function* checkName({ name }: Config): Iterable<Contradiction> {
  if (name === "internal" || name.startsWith("internal-")) {
    yield {
      paths: [["name"]],
      found: name,
      allowed:
        "a name that does not begin with internal: AWS keeps that for its own names of load balancers",
    };
  }
}

function* checkHealth({ health }: Config): Iterable<Contradiction> {
  // Two good answers in a row make a target healthy.
  const least = 2 * health.intervalSeconds;
  if (health.timeoutSeconds < least) {
    yield {
      paths: [
        ["health", "timeout"],
        ["health", "interval"],
      ],
      found: `${health.timeoutSeconds}s with checks every ${health.intervalSeconds}s`,
      allowed: "a timeout of at least twice health.interval",
      suggestion: `${least}s`,
    };
  }
}

function* checkDomain({ domains, topology, zone }: Config): Iterable<Contradiction> {
  for (const [index, domain] of domains.entries()) {
    const path = domains.length === 1 ? ["domain"] : ["domain", index];
    if (domains.indexOf(domain) < index) {
      yield { paths: [path], found: `${domain} a second time`, allowed: "each domain once" };
    } else if (zone === null) {
      // One machine gets its certificate without a record in Route53.
      if (index > 0 || topology === "single") continue;
      yield {
        paths: [["zone"], ["domain"]],
        found: "a domain without a zone",
        allowed: "the name or the id of the domain's Route53 zone",
        suggestion: domain.split(".").length > 2 ? domain.slice(domain.indexOf(".") + 1) : domain,
      };
    } else if (!/^Z[A-Z0-9]+$/.test(zone) && domain !== zone && !domain.endsWith(`.${zone}`)) {
      yield {
        paths: [path, ["zone"]],
        found: `${domain} with zone ${zone}`,
        allowed: "a domain in the zone",
      };
    }
  }
}

function* checkTags({ tags }: Config): Iterable<Contradiction> {
  const keys = Object.keys(tags);
  if (keys.length > mostTags) {
    yield {
      paths: [["tags"]],
      found: `${keys.length} tags`,
      // AWS allows 50 on a resource; infer-deploy and AWS services need the other ten.
      allowed: `at most ${mostTags}`,
    };
  }
  const seen = new Map<string, string>();
  for (const key of keys) {
    const twin = seen.get(key.toLowerCase());
    if (twin !== undefined) {
      yield {
        paths: [["tags", key]],
        found: `${quote(key)} and ${quote(twin)}`,
        // IAM refuses a role with both: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
        allowed: "keys that differ in more than case",
      };
    }
    seen.set(key.toLowerCase(), key);
  }
}

const mostTags = 40;
