import { expect, test } from "vitest";
import { findContradictions } from "./check.ts";
import type { Settings } from "../schema/config.ts";
import { settle } from "../schema/settle.ts";

test("the defaults do not contradict each other", () => {
  expect(contradictions({})).toEqual([]);
});

test.each<[Settings, string]>([
  [{ instances: { max: 1 } }, "instances.max, instances.min: max 1 with min 2"],
  [{ instances: { min: 5, max: 4 } }, "instances.max, instances.min: max 4 with min 5"],
  [{ instances: { type: "g6.xlarge" } }, ""],
  [{ instances: { type: "g5g.xlarge" } }, ""],
  [{ instances: { type: "p3.2xlarge" } }, "instances.type: p3.2xlarge"],
  [{ instances: { type: "p3.2xlarge", machine_image: "ami-0123456789abcdef0" } }, ""],
  [{ instances: { type: "g4ad.xlarge" } }, "instances.type: g4ad.xlarge"],
  [{ instances: { type: "trn1.32xlarge" } }, "instances.type: trn1.32xlarge"],
  [
    { instances: { type: "inf2.xlarge", machine_image: "ami-0123456789abcdef0" } },
    "instances.type: inf2.xlarge",
  ],
  [{ instances: { type: "inf2.xlarge" } }, "instances.type: inf2.xlarge"],
  [{ instances: { type: "c7g.xlarge" } }, ""],
  [
    { image: { platform: "linux/arm64" } },
    "image.platform, instances.type: platform linux/arm64 with instances of type t3.small",
  ],
  [
    { image: { platform: "linux/amd64" }, instances: { type: "c7g.large" } },
    "image.platform, instances.type: platform linux/amd64 with instances of type c7g.large",
  ],
  [
    { health: { interval: "60s", timeout: "119s" } },
    "health.timeout, health.interval: 119s with checks every 60s",
  ],
  [{ network: { cidr: "172.16.0.0/16" } }, ""],
  [{ network: { cidr: "172.17.128.0/20" } }, "network.cidr: 172.17.128.0/20"],
  [{ network: { cidr: "127.0.0.0/16" } }, "network.cidr: 127.0.0.0/16"],
  [{ network: { cidr: "169.254.0.0/16" } }, "network.cidr: 169.254.0.0/16"],
  [{ network: { cidr: "240.0.0.0/16" } }, "network.cidr: 240.0.0.0/16"],
  [
    { network: { allow: ["10.0.0.0/8", "192.0.2.0/24", "10.0.0.0/8"] } },
    "network.allow.2: 10.0.0.0/8 a second time",
  ],
  [{ network: { egress: "nat-per-zone" } }, ""],
  [
    { network: { egress: "endpoints" } },
    "network.egress: endpoints without instances.machine_image",
  ],
  [
    {
      network: { egress: "endpoints" },
      instances: { machine_image: "ami-0123456789abcdef0" },
    },
    "",
  ],
  [{ network: { egress: "endpoints" }, instances: { type: "g6.xlarge" } }, ""],
  [{ network: { zones: ["eu-central-1b", "eu-central-1c"] } }, ""],
  [
    { network: { zones: ["eu-central-1b", "eu-central-1b"] } },
    "network.zones.1: eu-central-1b a second time",
  ],
  [
    { network: { zones: ["eu-central-1b", "eu-west-1c"] } },
    "network.zones.1, region: eu-west-1c with region eu-central-1",
  ],
  [{ domain: "api.example.com" }, "zone, domain: a domain without a zone"],
  [
    { domain: "api.example.com", zone: "example.org" },
    "domain, zone: api.example.com with zone example.org",
  ],
  [
    { domain: "notexample.com", zone: "example.com" },
    "domain, zone: notexample.com with zone example.com",
  ],
  [{ domain: "api.example.com", zone: "example.com" }, ""],
  [{ domain: "example.com", zone: "example.com" }, ""],
  [{ domain: ["api.example.com", "example.com"], zone: "example.com" }, ""],
  [
    { domain: ["api.example.com", "api.example.org"], zone: "example.com" },
    "domain.1, zone: api.example.org with zone example.com",
  ],
  [
    { domain: ["api.example.com", "api.example.com"], zone: "example.com" },
    "domain.1: api.example.com a second time",
  ],
  [{ domain: ["a.example.com", "b.example.com"] }, "zone, domain: a domain without a zone"],
  [{ domain: "api.example.com", zone: "Z0123456789ABCDEFGHIJ" }, ""],
  [{ zone: "example.com" }, ""],
  [{ alarms: { notify: ["arn:aws:sns:eu-central-1:123456789012:on-call"] } }, ""],
  [
    { alarms: { notify: ["arn:aws:sns:us-east-1:123456789012:on-call"] } },
    "alarms.notify.0, region: arn:aws:sns:us-east-1:123456789012:on-call with region eu-central-1",
  ],
  [{ budget: { usd: 100, email: ["a@example.com"] } }, ""],
  [{ budget: { usd: 100 }, alerts: { email: ["a@example.com"] } }, ""],
  [{ budget: { usd: 100 } }, "budget: a budget without an address"],
  [{ budget: { usd: 100, topic: "arn:aws:sns:us-east-1:123456789012:money" } }, ""],
  [{ budget: { email: ["a@example.com"] } }, "budget: a budget without a sum"],
  [{ alerts: { p99: "1s" } }, "alerts: alerts that reach no one"],
  [{ alerts: { topics: ["arn:aws:sns:eu-central-1:123456789012:chat"] } }, ""],
  [
    { alerts: { email: ["a@example.com"], call: ["arn:aws:sns:us-east-1:123456789012:pager"] } },
    "alerts.call.0, region: arn:aws:sns:us-east-1:123456789012:pager with region eu-central-1",
  ],
  [{ tags: { Team: "a", team: "b" } }, 'tags.team: "team" and "Team"'],
])("%j: %s", (settings, found) => {
  expect(contradictions(settings)).toEqual(found === "" ? [] : [found]);
});

test("a type that no machine image drives is refused with the families that have one", () => {
  const allowed = (type: string) =>
    findContradictions(configOf({ instances: { type } })).map((one) => one.allowed);
  expect(allowed("p3.2xlarge")).toEqual([
    expect.stringContaining("g4dn, g5, g5g, g6, gr6, g6e, p4d"),
  ]);
  expect(allowed("p3.2xlarge")[0]).toContain("instances.machine_image");
  expect(allowed("inf2.xlarge")[0]).toContain("the Inferentia chip of inf2.xlarge");
  expect(allowed("inf2.xlarge")[0]).not.toContain("instances.machine_image");
});

test("the zone that is proposed is the domain's parent, or the domain when it has none", () => {
  const zoneOf = (domain: string) => findContradictions(configOf({ domain }))[0]?.suggestion;
  expect(zoneOf("api.eu.example.com")).toBe("eu.example.com");
  expect(zoneOf("example.com")).toBe("example.com");
});

test("a name that AWS refuses for a load balancer is refused", () => {
  const found = (name: string) =>
    findContradictions(settle(name, "production", "eu-central-1", {})).map(({ paths }) => paths);
  expect(found("internal")).toEqual([[["name"]]]);
  expect(found("internal-api")).toEqual([[["name"]]]);
  expect(found("internals")).toEqual([]);
});

test("forty tags are the most", () => {
  const tags = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, "x"]));
  expect(contradictions({ tags: tags(40) })).toEqual([]);
  expect(contradictions({ tags: tags(41) })).toEqual(["tags: 41 tags"]);
});

function contradictions(settings: Settings): readonly string[] {
  return findContradictions(configOf(settings)).map(
    ({ paths, found }) => `${paths.map((path) => path.join(".")).join(", ")}: ${found}`,
  );
}

function configOf(settings: Settings) {
  return settle("my-api", "production", "eu-central-1", settings);
}
