import { expect, test } from "vitest";
import { parseConfig } from "../../parse.ts";
import { formatProblems } from "../problem.ts";

const parse = (...lines: readonly string[]) =>
  parseConfig({
    text: ["name: app", "region: eu-west-1", ...lines].join("\n"),
    file: "f.yml",
    overrides: {},
  });
const domain = "domain: api.example.com\nzone: example.com";

test("a domain is one stack's, unless routing says how stacks share it", () => {
  expect(parse(domain)).toMatchObject({ config: { routing: "simple" } });
  expect(parse(domain, "routing: latency")).toMatchObject({ config: { routing: "latency" } });
});

test("each environment has its own part", () => {
  const text = "environments: { one: { routing: primary }, two: { routing: secondary } }";
  const parsed = parseConfig({
    text: `name: app\nregion: eu-west-1\n${domain}\n${text}`,
    file: "f.yml",
    overrides: { environment: { value: "two", origin: "--environment" } },
  });
  expect(parsed).toMatchObject({ config: { routing: "secondary" } });
});

test.each([
  [["routing: latency"], "f.yml:3:10  routing: found latency without a domain, allowed"],
  [
    ["routing: primary", "https: cloudfront"],
    "f.yml:3:10  routing: found primary with https: cloudfront, allowed",
  ],
  [
    ["routing: secondary", domain, "network: { internal: true }"],
    "f.yml:3:10  routing: found secondary with a private address, allowed",
  ],
])("%j is refused", (lines, problem) => {
  const parsed = parse(...lines);
  const found = "problems" in parsed ? formatProblems(parsed.problems) : [];
  expect(found).toEqual([expect.stringContaining(problem)]);
});

/** The problems of a file whose lines 5 and 6 are two environments with one domain. */
function problems(one: string, two: string, overrides = {}): readonly string[] {
  const parsed = parseConfig({
    text: [
      "name: app",
      "domain: api.example.com",
      "zone: example.com",
      "environments:",
      `  one: { region: eu-central-1, ${one} }`,
      `  two: { region: eu-west-1, ${two} }`,
    ].join("\n"),
    file: "f.yml",
    overrides: { ...asked, ...overrides },
  });
  return "problems" in parsed ? formatProblems(parsed.problems) : [];
}

test.each([
  ["routing: primary", "routing: secondary"],
  ["routing: latency", "routing: latency"],
  ["routing: primary", "routing: primary, domain: other.example.com"],
  // They may take turns; `up` asks Route53.
  ["tags: {}", "tags: {}"],
  ["routing: primary", "network: { internal: true }"],
])("%s and %s fit", (one, two) => {
  expect(problems(one, two)).toEqual([]);
});

test.each([
  [
    "primary",
    "primary",
    "one primary and one secondary of a domain (did you mean routing: secondary?)",
  ],
  [
    "secondary",
    "secondary",
    "one primary and one secondary of a domain (did you mean routing: primary?)",
  ],
  [
    "latency",
    "primary",
    "latency in all environments with this domain, or one primary and one secondary (did you mean routing: latency?)",
  ],
  [
    "primary",
    "latency",
    "latency in all environments with this domain, or one primary and one secondary (did you mean routing: secondary?)",
  ],
  [
    "primary",
    "simple",
    "latency in all environments with this domain, or one primary and one secondary (did you mean routing: secondary?)",
  ],
])("%s and %s are refused at the later one", (one, two, allowed) => {
  expect(problems(`routing: ${one}`, `routing: ${two}`)).toEqual([
    `f.yml:6:38  environments.two.routing: found ${two} for api.example.com in two, which one has with ${one}, allowed ${allowed}`,
  ]);
});

test("two latency environments of one region are refused, but not for a region that is asked for", () => {
  const shared = ["name: app", "region: eu-west-1", "domain: a.example.com", "zone: example.com"];
  const text = [...shared, "routing: latency", "environments: { one: {}, two: {} }"].join("\n");
  const parsed = parseConfig({ text, file: "f.yml", overrides: asked });
  expect("problems" in parsed ? formatProblems(parsed.problems) : []).toEqual([
    "f.yml:2:9  region: found eu-west-1 with latency for a.example.com in two, which one has too, allowed one latency environment a region and domain",
  ]);
  const region = { value: "eu-north-1", origin: "--region" };
  expect(problems("routing: latency", "routing: latency", { region })).toEqual([]);
});

test("a routing that is refused itself causes no second problem", () => {
  expect(problems("routing: primry", "routing: latency")).toHaveLength(1);
});

const asked = { environment: { value: "one", origin: "--environment" } };
