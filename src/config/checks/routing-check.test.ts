import { expect, test } from "vitest";
import { parseConfig } from "../parse.ts";
import { formatProblems } from "./problem.ts";

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
