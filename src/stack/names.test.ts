import fc from "fast-check";
import { expect, test } from "vitest";
import { stackName } from "../config/schema/config.ts";
import { regions } from "../config/fields/regions.ts";
import { nameStack, shorten, stateBucketName, type StackNames } from "./names.ts";

test("short names are left as they are", () => {
  expect(nameStack("embeddings", "production", "eu-central-1")).toEqual({
    id: "embeddings-production",
    cloudfront: "embeddings-production-eu-central-1",
    set_identifier: "production-eu-central-1",
    load_balancer: "embeddings-production",
    target_groups: { blue: "embeddings-production-blue", green: "embeddings-production-green" },
    groups: { blue: "embeddings-production-blue", green: "embeddings-production-green" },
    instance_role: "embeddings-production-eu-central-1-instance",
    github_roles: {
      release: "embeddings-production-eu-central-1-release",
      plan: "embeddings-production-eu-central-1-plan",
    },
    repository: "infer-deploy/embeddings/production",
    waf_log_group: "aws-waf-logs-infer-deploy/embeddings/production",
    log_groups: {
      app: "/infer-deploy/embeddings/production/app",
      boot: "/infer-deploy/embeddings/production/boot",
      metrics: "/infer-deploy/embeddings/production/metrics",
      network: "/infer-deploy/embeddings/production/network",
    },
    flow_log_role: "embeddings-production-eu-central-1-flow-logs",
    machine: "embeddings-production-machine",
    door: {
      settings: "/infer-deploy/embeddings/production/door/settings",
      traffic: "/infer-deploy/embeddings/production/door/traffic",
    },
    release_pointers: {
      blue: "/infer-deploy/embeddings/production/blue/release",
      green: "/infer-deploy/embeddings/production/green/release",
    },
    secret_prefix: "infer-deploy/embeddings/production/",
    key_prefix: "infer-deploy-keys/embeddings/production/",
    state_prefix: "embeddings/production",
  });
});

test("a long name is cut and told apart by a hash", () => {
  const names = nameStack("document-embeddings-multilingual", "production", "eu-central-1");
  expect(names.load_balancer).toMatch(/^document-embeddings-mul-[0-9a-f]{8}$/);
  expect(names.target_groups.blue).toMatch(/^document-embedding-[0-9a-f]{8}-blue$/);
  expect(names.groups.green).toBe("document-embeddings-multilingual-production-green");
});

test("a cut at a hyphen leaves no second one", () => {
  expect(shorten("abc-defghijklm", "", 13)).toMatch(/^abc-[0-9a-f]{8}$/);
});

test("every name fits the limits and the characters of its service", () => {
  fc.assert(
    fc.property(stacks, ([name, environment, region]) => {
      const names = nameStack(name, environment, region);
      const balancers = [names.load_balancer, ...Object.values(names.target_groups)];
      for (const text of balancers) {
        expect(text).toMatch(/^(?!internal-)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])$/);
      }
      for (const role of [names.instance_role, ...Object.values(names.github_roles)]) {
        expect(role).toMatch(/^[\w+=,.@-]{1,64}$/);
      }
      expect(names.repository).toMatch(
        /^(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
      );
      for (const text of Object.values(names.groups)) {
        expect(text).toMatch(/^[a-z0-9-]{3,128}$/);
      }
      for (const text of Object.values(names.log_groups)) {
        expect(text).toMatch(/^[.\-_/#A-Za-z0-9]{1,512}$/);
      }
      for (const text of Object.values(names.release_pointers)) {
        // Fifteen levels and 1011 characters at most; not beginning with aws or ssm.
        expect(text).toMatch(/^(?!\/(?:aws|ssm))(?:\/[a-zA-Z0-9_.-]+){1,15}$/);
      }
    }),
  );
});

test("two stacks share no name, and neither do the two colours", () => {
  fc.assert(
    fc.property(stacks, stacks, (one, other) => {
      fc.pre(one.slice(0, 2).join(" ") !== other.slice(0, 2).join(" "));
      const all = [...listNames(nameStack(...one)), ...listNames(nameStack(...other))];
      expect(new Set(all).size).toBe(all.length);
    }),
  );
});

test("names that differ only behind the cut stay different", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{40}$/), fc.nat(999), fc.nat(999), (head, a, b) => {
      fc.pre(a !== b);
      expect(shorten(`${head}${a}`, "-blue", 32)).not.toBe(shorten(`${head}${b}`, "-blue", 32));
    }),
  );
});

test("the same stack in two regions has two roles, as IAM has no regions", () => {
  fc.assert(
    fc.property(stacks, fc.constantFrom(...regions), ([name, environment, region], elsewhere) => {
      fc.pre(region !== elsewhere);
      const roles = [region, elsewhere].map(
        (place) => nameStack(name, environment, place).instance_role,
      );
      expect(roles[0]).not.toBe(roles[1]);
    }),
  );
});

test("the bucket is in the account's own namespace, wherever S3 has that", () => {
  expect(stateBucketName("123456789012", "eu-west-1")).toBe(
    "infer-deploy-123456789012-eu-west-1-an",
  );
  expect(stateBucketName("123456789012", "me-south-1")).toBe(
    "infer-deploy-123456789012-me-south-1",
  );
});

test("the bucket's name fits S3's rules in every region", () => {
  for (const region of regions) {
    expect(stateBucketName("123456789012", region)).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
  }
});

function listNames(names: StackNames): readonly string[] {
  return [
    names.load_balancer,
    ...Object.values(names.target_groups).map((name) => `target group ${name}`),
    ...Object.values(names.groups).map((name) => `group ${name}`),
    names.instance_role,
    ...Object.values(names.github_roles),
    names.repository,
    ...Object.values(names.log_groups),
    ...Object.values(names.release_pointers),
    names.state_prefix,
  ];
}

/** Whatever the schema accepts, long names first of all. */
const stacks = fc.tuple(
  fc
    .oneof(fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/), fc.stringMatching(/^[a-c][a-c-]{20,31}$/))
    .filter((name) => stackName.safeParse(name).success),
  fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/),
  fc.constantFrom(...regions),
);
