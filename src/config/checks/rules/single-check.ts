import type { Config } from "../../schema/config.ts";
import type { Contradiction, Path } from "../problem.ts";

/** The part of `findContradictions` that is about `topology: single`. */
export function* checkSingle(config: Config): Iterable<Contradiction> {
  if (config.topology !== "single") return;
  const refusals = [...wrongSizes(config), ...wrongAddresses(config), ...missingParts(config)];
  for (const [path, found, allowed] of refusals) {
    yield { paths: [path, ["topology"]], found: `${found} with topology: single`, allowed };
  }
}

type Refusal = readonly [path: Path, found: string, allowed: string];

/** What one machine cannot have. */
function* wrongSizes({ instances, network, release }: Config): Iterable<Refusal> {
  for (const key of ["min", "max"] as const) {
    if (instances[key] !== 1) {
      yield [["instances", key], `${key} ${instances[key]}`, "1, or topology: fleet"];
    }
  }
  if (instances.otherTypes.length > 0) {
    yield [["instances", "type"], "a list", "one type, or topology: fleet"];
  }
  if (instances.spot !== null) {
    yield [["instances", "spot"], "Spot Instances", "topology: fleet: the one machine must stay"];
  }
  if (network.egress !== "public") {
    yield [["network", "egress"], network.egress, "public: users reach the machine itself"];
  }
  if (network.internal) {
    yield [["network", "internal"], "a private address", "a public one, or topology: fleet"];
  }
  if (network.vpc !== null) {
    yield [["network", "vpc"], "an existing VPC", "the stack's own, or topology: fleet"];
  }
  if (release.strategy === "rolling" || release.strategy === "auto") {
    yield [
      ["release", "strategy"],
      release.strategy,
      "blue-green, canary or linear, with which the new container starts next to the old one, or recreate",
    ];
  }
}

/** Let's Encrypt asks on port 80 from anywhere (HTTP-01), or it looks for a record that the machine writes (DNS-01). */
function* wrongAddresses({ domains, network, zone }: Config): Iterable<Refusal> {
  if (domains.length === 0 || network.allow.includes("0.0.0.0/0")) return;
  if (zone === null) {
    yield [
      ["network", "allow"],
      "ranges of addresses without a zone",
      "a zone in Route53, in which the machine proves the domain by records (DNS-01), or no network.allow: Let's Encrypt asks on port 80 from addresses that it does not publish",
    ];
  }
  if (network.allow.length > mostRanges) {
    yield [
      ["network", "allow"],
      `${network.allow.length} ranges`,
      `at most ${mostRanges}: each takes 3 of the 60 rules of the machine's security group`,
    ];
  }
}

/** Parts of AWS that belong to a load balancer. */
function* missingParts(config: Config): Iterable<Refusal> {
  const needsBalancer = "topology: fleet: it is a part of the load balancer";
  if (config.waf.mode !== "none") yield [["waf", "mode"], config.waf.mode, needsBalancer];
  if (config.auth !== "none") yield [["auth"], config.auth, needsBalancer];
  if (config.https !== null) yield [["https"], config.https, needsBalancer];
  if (config.routing !== "simple") yield [["routing"], config.routing, needsBalancer];
  const { target, schedules } = config.scaling;
  if (target !== null) yield [["scaling", "target"], "a target", "topology: fleet"];
  if (schedules.length > 0) yield [["scaling", "schedules"], "schedules", "topology: fleet"];
  const counts = "topology: fleet: it shows what the load balancer counts";
  if (config.alerts !== null) yield [["alerts"], "alerts", counts];
  if (config.dashboard) yield [["dashboard"], "a dashboard", counts];
}

// HTTP, HTTPS and HTTP/3.
const mostRanges = 20;
