import { expect, test } from "vitest";
import type { Overrides } from "./override.ts";
import { parseConfig } from "./parse.ts";
import { formatProblems } from "./checks/problem.ts";

const base = "name: my-api\nregion: eu-central-1\n";
const rootKeys =
  "region, topology, image, container, model, health, requests, version, workload, instances, scaling, network, identity, waf, auth, oidc, github, state, response_headers, domain, zone, routing, https, cache, env, secrets, tags, logs, protection, release, alarms, alerts, dashboard, metrics, budget, expires";

test("the smallest file is a configuration", () => {
  expect(configOf("name: my-api\nregion: eu-central-1\n")).toMatchObject({
    name: "my-api",
    environment: "production",
    region: "eu-central-1",
    image: { port: 8080 },
  });
});

test("all problems are reported together, each at its place", () => {
  const text = `name: My_App
regin: eu-central-1
topology: double
image:
  context: -app
  port: 08080
  platfrom: linux/arm64
health: {path: healthz, interval: 30}
instances:
  type: t4g.small
  min: 5
  max: 4
domain: api.example.com
env: {2FA: x, EMPTY: }
tags: {"aws:x": y}
environments:
  staging:
    name: other
    instances: {disk: two}
`;
  expect(linesOf(text)).toEqual(
    [
      'f.yml:1:7  name: found "My_App", allowed 1 to 32 lower-case letters, digits and single hyphens, beginning with a letter, not with internal- or sg- (did you mean my-app?)',
      "f.yml:1:1  region: found nothing, allowed an AWS region here, with --region or with INFER_DEPLOY_REGION, such as eu-central-1",
      `f.yml:2:1  regin: found an unknown key, allowed name, ${rootKeys}, environments (did you mean region?)`,
      'f.yml:3:11  topology: found "double", allowed fleet or single',
      'f.yml:5:12  image.context: found "-app", allowed a folder, not beginning with "-" and without line breaks (did you mean ./-app?)',
      "f.yml:6:9  image.port: found 08080, allowed a number without leading zeros (did you mean 8080?)",
      "f.yml:7:3  image.platfrom: found an unknown key, allowed ref, context, dockerfile, build_args, target, secrets, port, platform, attest (did you mean platform?)",
      'f.yml:8:16  health.path: found "healthz", allowed a path that begins with one "/" and has no spaces (did you mean /healthz?)',
      "f.yml:8:35  health.interval: found 30, allowed a duration from 5s to 5m, such as 5s or 2m (did you mean 30s?)",
      "f.yml:12:8  instances.max: found max 4 with min 5, allowed instances.max of at least instances.min",
      "f.yml:13:9  domain: found a domain without a zone, allowed the name or the id of the domain's Route53 zone (did you mean zone: example.com?)",
      'f.yml:14:7  env.2FA: found the name "2FA", allowed a name of letters, digits and _ . -, not beginning with a digit',
      "f.yml:14:22  env.EMPTY: found nothing, allowed text (at most 32768 characters), a number, true or false",
      'f.yml:15:8  tags."aws:x": found the name "aws:x", allowed a tag key of 1 to 128 letters, digits, spaces and + - = . _ : / @, not beginning with aws: or infer-deploy:',
      `f.yml:18:5  environments.staging.name: found an unknown key, allowed ${rootKeys}`,
      'f.yml:19:23  environments.staging.instances.disk: found "two", allowed a whole number of GB from 8 to 16384',
    ].toSorted(byPlace),
  );
});

test.each([
  ["", "f.yml:1:1  found nothing, allowed a map with name, "],
  ["# nothing\n", "f.yml:1:1  found nothing, allowed a map with name, "],
  ["- name: a\n", "f.yml:1:1  found a list, allowed a map with name, "],
  ["hello", 'f.yml:1:1  found "hello", allowed a map with name, '],
  [`${base}image: x`, 'f.yml:3:8  image: found "x", allowed a map with ref, context, '],
  [`${base}env: [A]`, "f.yml:3:6  env: found a list, allowed a map of names and values"],
  [
    `${base}environments: [a]`,
    "f.yml:3:15  environments: found a list, allowed a map of environment",
  ],
  [
    `${base}environments: {a-b: }`,
    'f.yml:3:16  environments.a-b: found the name "a-b", allowed 1 to 15 ',
  ],
  [
    `${base}environments: {a: x}`,
    'f.yml:3:19  environments.a: found "x", allowed a map with region, ',
  ],
  [
    `${base}network: {allow: []}`,
    "f.yml:3:18  network.allow: found a list, allowed a list of 1 to 25",
  ],
  [
    `${base}network: {allow: [10.0.0.1/8]}`,
    'f.yml:3:19  network.allow[0]: found "10.0.0.1/8", allowed',
  ],
  [`${base}version: 1.0`, "f.yml:3:10  version: found 1.0, allowed a map with path, field"],
  [`${base}env: {A: "x\\0y"}`, 'f.yml:3:10  env.A: found "x\\u0000y", allowed text (at most 32768'],
  [`${base}image: {port: 8080.5}`, "f.yml:3:15  image.port: found 8080.5, allowed a whole number"],
  [`${base}image: {port: .inf}`, "f.yml:3:15  image.port: found .inf, allowed a whole number"],
  ["name: 123\nregion: eu-central-1", "f.yml:1:7  name: found 123, allowed 1 to 32 lower-case"],
  ["name: true\nregion: eu-central-1", "f.yml:1:7  name: found true, allowed 1 to 32 lower-case"],
  ["region: eu-central-1", "f.yml:1:1  name: found nothing, allowed 1 to 32 lower-case"],
  [
    "name: *x\nregion: eu-central-1",
    'f.yml:1:7  name: found the alias "*x", allowed the value itself',
  ],
  ["name: internal-api\nregion: eu-central-1", 'f.yml:1:7  name: found "internal-api", allowed'],
])("%j has one problem", (text, beginning) => {
  const lines = linesOf(text);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.slice(0, beginning.length)).toBe(beginning);
});

test("what becomes text stays as it is written, in an environment as well", () => {
  const text = `${base}env: {A: 1.10, B: 007}
tags: {C: 1e3}
image: {build_args: {D: 0x1F}}
environments: {production: {env: {B: 008, E: True}}}
`;
  expect(configOf(text)).toMatchObject({
    env: { A: "1.10", B: "008", E: "True" },
    tags: { C: "1e3" },
    image: { buildArgs: { D: "0x1F" } },
  });
});

test("a name that YAML 1.1 would read as true is a name", () => {
  expect(configOf("name: on\nregion: eu-central-1")).toMatchObject({ name: "on" });
});

test.each([
  ["health: {interval: 4s}", false],
  ["health: {interval: 5s}", true],
  ["health: {interval: 5500ms}", false],
  ["health: {interval: 5m, timeout: 10m}", true],
  ["health: {interval: 301s, timeout: 1h}", false],
  ["health: {drain: 0s}", true],
  ["health: {drain: 3601s}", false],
  ["alarms: {p99: 1500ms}", true],
  ["alarms: {p99: 0ms}", false],
  ["image: {port: 65535}", true],
  ["image: {port: 65536}", false],
  ["image: {port: 0}", false],
  ["network: {cidr: 10.0.0.0/24}", true],
  ["network: {cidr: 10.0.0.0/25}", false],
  ["network: {cidr: 10.0.0.0/15}", false],
  ["env: {A: ''}", true],
  [`domain: ${"a".repeat(52)}.example.com\nzone: example.com`, true],
  [`domain: ${"a".repeat(53)}.example.com\nzone: example.com`, false],
])("%s is allowed: %s", (settings, allowed) => {
  expect(linesOf(base + settings).length === 0).toBe(allowed);
});

test("a contradiction is reported where the environment introduces it, and once when all have it", () => {
  const text = `${base}instances: {min: 2, max: 4}
health: {timeout: 15s, interval: 10s}
environments:
  production:
  staging:
    instances:
      min: 5
`;
  expect(linesOf(text)).toEqual([
    "f.yml:4:19  health.timeout: found 15s with checks every 10s, allowed a timeout of at least twice health.interval (did you mean health.timeout: 20s?)",
    "f.yml:9:12  environments.staging.instances.min: found max 4 with min 5, allowed instances.max of at least instances.min",
  ]);
});

test("a list with a bad item hides nothing else", () => {
  const text = `${base}network: {allow: [10.0.0.0/8, x]}\ninstances: {max: 1}\n`;
  expect(linesOf(text).map((line) => line.split(": ")[0])).toEqual([
    "f.yml:3:31  network.allow[1]",
    "f.yml:4:18  instances.max",
  ]);
});

test("a value that was refused contradicts nothing", () => {
  expect(linesOf(`${base}instances: {min: 08, max: 1}\n`)).toHaveLength(1);
  expect(linesOf(`${base}instances: {min: x, max: 1}\n`)).toHaveLength(1);
  expect(linesOf(`${base}domain: api.example.com\nzone: -\n`)).toHaveLength(1);
});

test.each<[string, Overrides, string]>([
  ["", {}, "production"],
  ["environments: {}", {}, "production"],
  ["environments: {staging: }", {}, "staging"],
  ["environments: {staging: , production: }", {}, "production"],
  ["environments: {staging: , qa: }", { environment: flag("qa") }, "qa"],
])("%j with %j chooses %s", (environments, overrides, chosen) => {
  expect(configOf(base + environments, overrides)).toMatchObject({ environment: chosen });
});

test.each<[string, Overrides, string]>([
  [
    "",
    { environment: flag("staging") },
    '--flag  environment: found "staging", allowed production; declare others under environments in the file',
  ],
  [
    "environments: {staging: , production: }",
    { environment: flag("prodution") },
    '--flag  environment: found "prodution", allowed staging, production; declare others under environments in the file (did you mean production?)',
  ],
  [
    "environments: {staging: , qa: }",
    {},
    "f.yml:3:1  environments: found staging, qa, allowed one of them, chosen with --environment or INFER_DEPLOY_ENVIRONMENT",
  ],
  [
    "",
    { region: flag("eu-centrl-1") },
    '--flag  region: found "eu-centrl-1", allowed an AWS region, such as eu-central-1 (did you mean eu-central-1?)',
  ],
])("%j with %j is refused", (environments, overrides, line) => {
  expect(linesOf(base + environments, overrides)).toEqual([line]);
});

test("an environment that could be no name at all is one problem, not two", () => {
  expect(linesOf(base, { environment: flag("--yes") })).toHaveLength(1);
});

test("flags come before the file", () => {
  const overrides = { region: flag("us-east-1") };
  expect(configOf(base, overrides)).toMatchObject({ region: "us-east-1" });
  expect(configOf("name: my-api", { region: flag("us-east-1") })).toMatchObject({
    region: "us-east-1",
  });
});

test("an environment can bring the region", () => {
  const text = "name: my-api\nenvironments: {production: {region: eu-west-1}, staging: }";
  expect(configOf(text)).toMatchObject({ region: "eu-west-1" });
  expect(linesOf(text, { environment: flag("staging") })).toHaveLength(1);
});

function flag(value: string) {
  return { value, origin: "--flag" };
}

function configOf(text: string, overrides: Overrides = {}) {
  const parsed = parseConfig({ text, file: "f.yml", overrides });
  return "problems" in parsed ? formatProblems(parsed.problems) : parsed.config;
}

function linesOf(text: string, overrides: Overrides = {}) {
  const parsed = parseConfig({ text, file: "f.yml", overrides });
  return "problems" in parsed ? formatProblems(parsed.problems) : [];
}

function byPlace(a: string, b: string): number {
  const place = (line: string) => line.split(/[: ]/).slice(1, 3).map(Number);
  const [lineA = 0, columnA = 0] = place(a);
  const [lineB = 0, columnB = 0] = place(b);
  return lineA - lineB || columnA - columnB;
}
