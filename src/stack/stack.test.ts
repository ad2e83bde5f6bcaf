import fc from "fast-check";
import { expect, test } from "vitest";
import { stackFacts, stackInput } from "../../test/_helpers/stack-values.ts";
import { desiredStack } from "./stack.ts";

test("the stack of a plain configuration", () => {
  const stack = desiredStack(stackInput(), stackFacts());
  expect(stack).toMatchObject({
    schema_version: 1,
    topology: "fleet",
    backend: {
      bucket: "infer-deploy-123456789012-eu-central-1-an",
      key: "embeddings/production/terraform.tfstate",
      region: "eu-central-1",
    },
    capacity: { min: 2, max: 4 },
  });
  expect(stack.variables).toMatchObject({
    account_id: "123456789012",
    ami_id: "ami-0123456789abcdef0",
    state_prefix: "embeddings/production",
    instances: { type: "t3.small", max: 4, disk_gb: 30 },
    zones: ["eu-central-1a", "eu-central-1b"],
    network: { cidr: "10.42.0.0/16", egress: "nat", ingress_cidrs: ["0.0.0.0/0"] },
    port: 8080,
    domain: null,
    alarms: { errors_per_minute: 5, unanswered_per_minute: 20, p99_seconds: 2, unhealthy_hosts: 3 },
  });
});

test("with CloudFront the load balancer is private, and HSTS is on", () => {
  const routes = [
    { path: "/labels", seconds: 600, query: ["lang"], headers: [] },
    { path: "/models/*", seconds: 60, query: "all" as const, headers: ["x-api-key"] },
  ];
  const { modules, variables } = desiredStack(
    stackInput({ https: "cloudfront", cache: routes }),
    stackFacts(),
  );
  expect(modules).toContain("cloudfront");
  expect(variables).toMatchObject({
    network: { internal: true },
    response_headers: { strict_transport_security: "max-age=60" },
    cloudfront: {
      cache: [
        { path: "/labels", seconds: 600, query: "only", queries: ["lang"], headers: [] },
        { path: "/models/*", seconds: 60, query: "all", headers: ["x-api-key"] },
      ],
    },
  });
  const plain = desiredStack(stackInput(), stackFacts());
  expect(plain.modules).not.toContain("cloudfront");
  expect(plain.variables).not.toHaveProperty("cloudfront");
});

test("flow logs go to a log group that is made only for them", () => {
  const logged = (flowLogs: "all" | "none" | "refused") => {
    const network = { ...stackInput().network, flowLogs };
    const { variables } = desiredStack(stackInput({ network }), stackFacts());
    const group = variables.names.log_groups["network"];
    return [variables.network.flow_logs, group] as const;
  };
  const role_name = "embeddings-production-eu-central-1-flow-logs";
  const group = "/infer-deploy/embeddings/production/network";
  expect(logged("none")).toEqual([null, undefined]);
  expect(logged("refused")).toEqual([{ role_name, traffic: "REJECT" }, group]);
  expect(logged("all")).toEqual([{ role_name, traffic: "ALL" }, group]);
});

test("in an existing VPC there is no network module, and nothing of the VPC is decided here", () => {
  const vpc = { id: "vpc-1", loadBalancerSubnets: ["subnet-1"], instanceSubnets: ["subnet-2"] };
  const network = { ...stackInput().network, vpc };
  const { modules, knowledge, variables } = desiredStack(
    stackInput({ network }),
    stackFacts({ zones: [] }),
  );
  expect(modules).not.toContain("network");
  expect(modules).toContain("fleet");
  expect(knowledge).toEqual(["known-account", "known-machine-image", "existing-vpc"]);
  expect(variables).not.toHaveProperty("zones");
  expect(variables.network).not.toHaveProperty("cidr");
  expect(variables).toMatchObject({
    existing_vpc: {
      id: "vpc-1",
      load_balancer_subnet_ids: ["subnet-1"],
      instance_subnet_ids: ["subnet-2"],
    },
  });
});

test("a changed minimum changes no variable: it belongs to the releases", () => {
  const { instances } = stackInput();
  const more = desiredStack(stackInput({ instances: { ...instances, min: 3 } }), stackFacts());
  const before = desiredStack(stackInput(), stackFacts());
  expect(more.capacity.min).toBe(3);
  expect(more.variables).toEqual(before.variables);
});

test("the workflows of a repository get two roles, and no variable speaks of them without", () => {
  const github = {
    repository: "octo-org/octo-repo",
    ownerId: null,
    repositoryId: null,
    branches: ["main"],
    environments: [],
  };
  const { modules, variables } = desiredStack(stackInput({ github }), stackFacts());
  expect(modules).toContain("github");
  expect(variables).toMatchObject({
    github: {
      release: {
        role_name: "embeddings-production-eu-central-1-release",
        subjects: ["repo:octo-org/octo-repo:ref:refs/heads/main"],
      },
      plan: {
        role_name: "embeddings-production-eu-central-1-plan",
        subjects: ["repo:octo-org/octo-repo:pull_request"],
      },
    },
  });
  const plain = desiredStack(stackInput(), stackFacts());
  expect(plain.modules).not.toContain("github");
  expect(plain.variables).not.toHaveProperty("github");
});

test("the load balancer waits as long as a request may take", () => {
  const { variables } = desiredStack(
    stackInput({ requests: { timeoutSeconds: 120, protocol: "http1" } }),
    stackFacts(),
  );
  expect(variables.idle_timeout_seconds).toBe(120);
});

test("the health check's timeout is shorter than its interval", () => {
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 300 }), (intervalSeconds) => {
      const health = { ...stackInput().health, intervalSeconds };
      const { variables } = desiredStack(stackInput({ health }), stackFacts());
      expect(variables.health.timeout_seconds).toBeLessThan(intervalSeconds);
      expect(variables.health.timeout_seconds).toBeGreaterThanOrEqual(2);
    }),
  );
});

test("an instance is not replaced for being unhealthy before its container may have started", () => {
  const health = { ...stackInput().health, timeoutSeconds: 900 };
  const { variables } = desiredStack(stackInput({ health }), stackFacts());
  expect(variables.instances).toMatchObject({ grace_seconds: 1500, warmup_seconds: 900 });
});

test.each([
  ["example.com", { names: ["api.example.com"], zone_name: "example.com" }],
  ["Z0123456789ABCDEFGHIJ", { names: ["api.example.com"], zone_id: "Z0123456789ABCDEFGHIJ" }],
])("a domain brings the dns module; its zone is %s", (zone, domain) => {
  const stack = desiredStack(stackInput({ domains: ["api.example.com"], zone }), stackFacts());
  expect(stack.modules).toContain("dns");
  expect(stack.variables.domain).toEqual(domain);
  expect(desiredStack(stackInput(), stackFacts()).modules).not.toContain("dns");
});

test("Strict-Transport-Security is only for a stack with HTTPS", () => {
  const headers = (domains: readonly string[]) =>
    desiredStack(stackInput({ domains }), stackFacts()).variables.response_headers;
  expect(headers(["api.example.com"])).toEqual({
    content_security_policy: null,
    content_type_options: "nosniff",
    frame_options: null,
    strict_transport_security: "max-age=60",
  });
  expect(headers([])).toHaveProperty("strict_transport_security", null);
});

test("a new listener sends everything to the colour that serves", () => {
  const stack = (servingColour: "blue" | "green") =>
    desiredStack(stackInput(), stackFacts({ servingColour }));
  expect(stack("green").variables).toHaveProperty("initial_colour", "green");
  expect(stack("blue")).toEqual(desiredStack(stackInput(), stackFacts()));
});

test("it survives a journey through JSON and is the same every time", () => {
  const stack = desiredStack(stackInput(), stackFacts());
  expect(JSON.parse(JSON.stringify(stack))).toEqual(stack);
  expect(desiredStack(stackInput(), stackFacts())).toEqual(stack);
});

test("a login is a variable without the client's secret, and unknown endpoints are asked for", () => {
  const oidc = {
    issuer: "https://login.example.com",
    clientId: "demo",
    scope: "openid email",
    sessionSeconds: 3600,
  };
  const input = stackInput({
    auth: "oidc",
    oidc,
    domains: ["demo.example.com"],
    zone: "example.com",
  });
  const login = {
    authorization: "https://login.example.com/auth",
    token: "https://login.example.com/token",
    userInfo: "https://login.example.com/me",
  };
  const known = desiredStack(input, stackFacts({ login }));
  expect(known.variables.login).toEqual({
    issuer: "https://login.example.com",
    authorization_endpoint: "https://login.example.com/auth",
    token_endpoint: "https://login.example.com/token",
    user_info_endpoint: "https://login.example.com/me",
    client_id: "demo",
    scope: "openid email",
    session_seconds: 3600,
  });
  expect(known.modules).not.toContain("waf");
  expect(known.knowledge).toContain("login");
  expect(known.knowledge).not.toContain("unknown-login");
  const unknown = desiredStack(input, stackFacts());
  expect(unknown.variables).not.toHaveProperty("login");
  expect(unknown.knowledge).toEqual(expect.arrayContaining(["login", "unknown-login"]));
});

test.each([
  ["simple", undefined, false],
  ["latency", { policy: "latency", set_identifier: "production-eu-central-1" }, true],
  ["primary", { policy: "primary", set_identifier: "production-eu-central-1" }, true],
  // Route53 takes it when the primary is unhealthy, whatever its own health is.
  ["secondary", { policy: "secondary", set_identifier: "production-eu-central-1" }, false],
] as const)("a domain with routing: %s", (routing, expected, isChecked) => {
  const input = stackInput({ domains: ["api.example.com"], zone: "example.com", routing });
  const { modules, variables } = desiredStack(input, stackFacts());
  expect(variables.domain).toEqual({
    names: ["api.example.com"],
    zone_name: "example.com",
    ...(expected === undefined ? {} : { routing: expected }),
  });
  expect(modules.includes("health-checks")).toBe(isChecked);
});
