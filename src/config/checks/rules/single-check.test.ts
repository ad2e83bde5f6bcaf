import { expect, test } from "vitest";
import { parseConfig } from "../../parse.ts";

const base = "name: app\nregion: eu-central-1\ntopology: single\n";

const zone = "domain: api.example.com\nzone: example.com\n";
const ranges = (count: number) =>
  Array.from({ length: count }, (_, index) => `198.51.${index}.0/24`).join(", ");

function problemsOf(text: string): readonly string[] {
  const parsed = parseConfig({ text: base + text, file: "f.yml", overrides: {} });
  return "problems" in parsed ? parsed.problems.map(({ path, found }) => `${path}: ${found}`) : [];
}

test("one machine needs no other setting, and a domain no zone", () => {
  expect(problemsOf("")).toEqual([]);
  expect(problemsOf("domain: api.example.com\n")).toEqual([]);
  const parsed = parseConfig({ text: base, file: "f.yml", overrides: {} });
  expect(parsed).toMatchObject({
    config: {
      topology: "single",
      instances: { min: 1, max: 1 },
      network: { egress: "public" },
      metrics: { instances: true },
    },
  });
});

test("ranges of addresses need a zone only for a certificate", () => {
  expect(problemsOf("network: { allow: [203.0.113.0/24] }\n")).toEqual([]);
  expect(problemsOf(`${zone}network: { allow: [${ranges(20)}] }\n`)).toEqual([]);
});

test.each([
  ["instances: { min: 2, max: 2 }", "instances.min", "instances.max"],
  ["network: { egress: nat }", "network.egress"],
  ["network: { internal: true }", "network.internal"],
  ["domain: api.example.com\nnetwork: { allow: [203.0.113.0/24] }", "network.allow"],
  [`${zone}network: { allow: [${ranges(21)}] }`, "network.allow"],
  ["release: { strategy: rolling }", "release.strategy"],
  ["waf: { mode: block }", "waf.mode"],
  ["auth: keys", "auth"],
  ["https: cloudfront", "https"],
  ["scaling: { target: 600 }", "scaling.target"],
  ["dashboard: true", "dashboard"],
  ["alerts: { email: [ops@example.com] }", "alerts"],
])("%s is refused for one machine, at its own place", (text, ...paths) => {
  const found = problemsOf(`${text}\n`).filter((line) => line.includes("topology: single"));
  expect(found.map((line) => line.split(":")[0])).toEqual(paths);
});
