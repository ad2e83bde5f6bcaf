import { expect, test } from "vitest";
import type { Settings } from "../../config/schema/config.ts";
import { settle } from "../../config/schema/settle.ts";
import type { AppliedFacts } from "../../state/stack-record.ts";
import { planWarnings } from "./plan-warnings.ts";

const domain = {
  domain: "api.example.com",
  zone: "example.com",
  instances: { type: "c7i.large" },
};

test("a stack with a domain and the defaults deserves no warning", () => {
  expect(warnings(domain)).toEqual([]);
});

test("an address without TLS is a warning", () => {
  expect(warnings({ instances: { type: "c7i.large" } })).toEqual([containing("plain HTTP")]);
  const keyed = { instances: { type: "c7i.large" }, auth: "keys" as const };
  expect(warnings(keyed)).toEqual([containing("can read the API keys")]);
  expect(warnings({ ...domain, auth: "keys" })).toEqual([]);
});

test("a burstable type is a warning about its price, or about its speed", () => {
  const small = { ...domain, instances: { type: "t4g.small" } };
  expect(warnings(small)).toContainEqual(containing("t4g.small is a burstable type"));
  const standard = { type: "t3.small", cpu_credits: "standard" } as const;
  expect(warnings({ ...domain, instances: standard })).toEqual([containing("slows down")]);
});

test.each<[Settings, readonly string[]]>([
  [{ requests: { timeout: "2m" } }, []],
  [{ requests: { timeout: "2m" }, health: { drain: "2m" } }, []],
  [
    { requests: { timeout: "2m" }, health: { drain: "10s" } },
    ["health.drain (10s) is shorter than requests.timeout (2m)"],
  ],
  // The longest delay that AWS offers.
  [{ requests: { timeout: "4000s" } }, []],
])("%j: a drain that cuts requests is a warning", (settings, expected) => {
  expect(warnings({ ...domain, ...settings })).toEqual(expected.map(containing));
});

test("a variable that another tool would replace is said, once for all of them", () => {
  const env = { A: "${HOME}", B: "$argon2id$v=19", C: "x-${Y:-z}" };
  expect(warnings({ ...domain, env })).toEqual([containing("as it is written, in A, C")]);
});

test("a new private address may be out of this machine's reach", () => {
  const settings = { ...domain, network: { internal: true } };
  expect(warnings(settings)).toEqual([containing("the address is private")]);
  expect(warnings(settings, { ami_id: "ami-2" })).toEqual([]);
});

test("another processor is reported with both machine images; the same one and a first plan are not", () => {
  const changed = warnings(domain, { ami_id: "ami-1", ami_architecture: "arm64" });
  expect(changed).toEqual([containing("ami-1 (arm64) -> ami-2 (amd64)")]);
  expect(warnings(domain, { ami_id: "ami-1", ami_architecture: "amd64" })).toEqual([]);
  expect(warnings(domain, { ami_id: "ami-1" })).toEqual([]);
});

function warnings(
  settings: Settings,
  applied?: Pick<AppliedFacts, "ami_architecture" | "ami_id">,
): readonly string[] {
  const config = settle("my-api", "production", "eu-central-1", settings);
  return planWarnings(config, applied, { amiId: "ami-2", amiArchitecture: "amd64" });
}

function containing(text: string): unknown {
  return expect.stringContaining(text);
}
