import { overlaps, parseCidr } from "../fields/cidr.ts";
import { acceleratorOf, platformOf } from "../fields/instance-type.ts";
import { checkGithub } from "./github-check.ts";
import { quote, type Contradiction } from "./problem.ts";
import { checkRelease } from "./release-check.ts";
import { checkSecrets } from "./secrets-check.ts";
import { checkState } from "./state-check.ts";
import type { Config } from "../schema/config.ts";

/** Settings that are each valid, but not together. */
export function findContradictions(config: Config): readonly Contradiction[] {
  return [
    ...checkInstances(config),
    ...checkHealth(config),
    ...checkNetwork(config),
    ...checkDomain(config),
    ...checkTags(config),
    ...checkTopics(config),
    ...checkRelease(config),
    ...checkSecrets(config),
    ...checkGithub(config),
    ...checkState(config),
  ];
}

function* checkInstances({ instances, image }: Config): Iterable<Contradiction> {
  const { type, min, max } = instances;
  if (max < min) {
    yield {
      paths: [
        ["instances", "max"],
        ["instances", "min"],
      ],
      found: `max ${max} with min ${min}`,
      allowed: "instances.max of at least instances.min",
    };
  }
  const accelerator = acceleratorOf(type);
  if (accelerator !== null) {
    yield {
      paths: [["instances", "type"]],
      found: type,
      allowed: `a type without a ${accelerator}: this version's machine image has no driver for it, so the container would run on the processor alone`,
    };
  }
  const platform = platformOf(type);
  if (image.platform !== platform) {
    yield {
      paths: [
        ["image", "platform"],
        ["instances", "type"],
      ],
      found: `platform ${image.platform} with instances of type ${type}`,
      allowed: `${platform} for this type`,
      suggestion: platform,
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

function* checkNetwork({ instances, network, region }: Config): Iterable<Contradiction> {
  if (network.egress === "endpoints" && instances.machineImage === null) {
    yield {
      paths: [["network", "egress"]],
      found: "endpoints without instances.machine_image",
      allowed:
        "endpoints with a machine image that has Docker: Canonical's Ubuntu has none, and its package servers are out of reach",
    };
  }
  for (const [index, zone] of (typeof network.zones === "number" ? [] : network.zones).entries()) {
    if (zone.slice(0, -1) !== region) {
      yield {
        paths: [["network", "zones", index], ["region"]],
        found: `${zone} with region ${region}`,
        allowed: `a zone of ${region}, such as ${region}a`,
      };
    }
    if (typeof network.zones !== "number" && network.zones.indexOf(zone) < index) {
      yield {
        paths: [["network", "zones", index]],
        found: `${zone} a second time`,
        allowed: "each zone once",
      };
    }
  }
  const block = parseCidr(network.cidr);
  for (const { cidr, use } of reservedBlocks) {
    const reserved = parseCidr(cidr);
    if (block !== null && reserved !== null && overlaps(block, reserved)) {
      yield {
        paths: [["network", "cidr"]],
        found: network.cidr,
        allowed: `a block outside ${cidr} (${use})`,
      };
    }
  }
  for (const [index, item] of network.allow.entries()) {
    if (network.allow.indexOf(item) < index) {
      yield {
        paths: [["network", "allow", index]],
        found: `${item} a second time`,
        allowed: "each block once",
      };
    }
  }
}

function* checkDomain({ domain, zone }: Config): Iterable<Contradiction> {
  if (domain === null) return;
  const parent = domain.split(".").length > 2 ? domain.slice(domain.indexOf(".") + 1) : domain;
  if (zone === null) {
    yield {
      paths: [["zone"], ["domain"]],
      found: "a domain without a zone",
      allowed: "the name or the id of the domain's Route53 zone",
      suggestion: parent,
    };
  } else if (!/^Z[A-Z0-9]+$/.test(zone) && domain !== zone && !domain.endsWith(`.${zone}`)) {
    yield {
      paths: [["domain"], ["zone"]],
      found: `${domain} with zone ${zone}`,
      allowed: "a domain in the zone",
    };
  }
}

function* checkTopics({ alarms, region }: Config): Iterable<Contradiction> {
  for (const [index, topic] of alarms.notify.entries()) {
    if (topic.split(":")[3] !== region) {
      yield {
        paths: [["alarms", "notify", index], ["region"]],
        found: `${topic} with region ${region}`,
        allowed: "a topic of the stack's region: CloudWatch reaches no other",
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

const reservedBlocks = [
  { cidr: "0.0.0.0/8", use: "this network" },
  { cidr: "127.0.0.0/8", use: "loopback" },
  { cidr: "169.254.0.0/16", use: "link-local, where the instance's metadata is" },
  { cidr: "172.17.0.0/16", use: "Docker's own network on every instance" },
  { cidr: "224.0.0.0/3", use: "multicast and reserved" },
] as const;
