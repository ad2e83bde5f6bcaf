import { expect, test } from "vitest";
import { parseConfig } from "../parse.ts";
import { formatProblems } from "../checks/problem.ts";

const base = "name: my-api\nregion: eu-central-1\n";

test.each([
  [
    `${base}release: {probe: {body: }}`,
    "f.yml:3:25  release.probe.body: found nothing, allowed text, or a map or list that JSON",
  ],
  [
    `${base}release: {probe: {body: {id: [.inf]}}}`,
    "f.yml:3:25  release.probe.body: found a map, allowed text, or a map or list that JSON carries exactly",
  ],
  [
    `${base}release: {probe: {headers: {host: a}}}`,
    'f.yml:3:29  release.probe.headers.host: found the name "host", allowed the name of a header',
  ],
  [
    `${base}release: {probe: {headers: {x-a: "a\\r\\nb: c"}}}`,
    'f.yml:3:34  release.probe.headers.x-a: found "a\\r\\nb: c", allowed printable ASCII on one line',
  ],
  [
    `${base}release: {probe: {json_path: "$.data[0]"}}`,
    'f.yml:3:30  release.probe.json_path: found "$.data[0]", allowed keys and indexes joined with dots',
  ],
  [
    `${base}release: {alarms: ["arn:aws:cloudwatch:eu-central-1:123456789012:alarm:a"]}`,
    'f.yml:3:20  release.alarms[0]: found "arn:aws:cloudwatch',
  ],
  [
    `${base}release: {canary: {wait: 2m}}`,
    "f.yml:3:20  release.canary.wait: found an unknown key, allowed weight, bake",
  ],
])("%j has one problem", (text, beginning) => {
  const lines = linesOf(text);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.slice(0, beginning.length)).toBe(beginning);
});

test.each([
  ["release: {bake: 0s, canary: {bake: 0s}}", true],
  ["release: {timeout: 59s, bake: 0s}", false],
  ["release: {timeout: 1m, bake: 0s}", true],
  ["release: {keep_previous: 59s}", false],
  ["release: {keep_previous: 1m}", true],
  ["release: {keep_previous: 24h}", true],
  ["release: {keep_previous: 25h}", false],
  ["release: {before: {command: [python, migrate.py]}}", true],
  ["release: {before: {command: []}}", false],
  ["release: {before: {command: python migrate.py}}", false],
  ["release: {before: python migrate.py}", false],
  ["release: {timeout: 7h, before: {command: [a], timeout: 6h}}", true],
  ["release: {timeout: 7h, before: {command: [a], timeout: 361m}}", false],
  ["release: {before: {command: [a], timeout: 0s}}", false],
  ["release: {canary: {weight: 99}}", true],
  ["release: {canary: {weight: 100}}", false],
  ["release: {canary: {weight: 0}}", false],
  ["release: {linear: {step: 50}}", true],
  ["release: {linear: {step: 51}}", false],
  ["release: {linear: {interval: 0s}}", false],
  ["release: {rolling: {batch: 20}}", true],
  ["release: {rolling: {batch: 21}}", false],
  ["release: {probe: {timeout: 60s}}", true],
  ["release: {probe: {timeout: 61s}}", false],
  ["release: {probe: {status: 199}}", false],
  ["release: {probe: {path: /}}", true],
  ["release: {probe: {path: //example.com/}}", false],
  ["release: {probe: {path: /\\example.com/}}", false],
  ["release: {probe: {method: DELETE}}", false],
  ["release: {probe: {headers: {X-Infer-Deploy-Probe: a}}}", false],
  ["release: {probe: {headers: {Transfer-Encoding: chunked}}}", false],
  ["release: {probe: {headers: {x_a: a}}}", false],
  ["release: {probe: {headers: {x-a: é}}}", false],
  ["release: {probe: {headers: {X-A: ''}}}", true],
  ["release: {probe: {method: POST, body: {id: 9007199254740993}}}", false],
  ['release: {probe: {method: POST, body: {id: "9007199254740993"}}}', true],
])("%s is allowed: %s", (settings, allowed) => {
  expect(linesOf(base + settings).length === 0).toBe(allowed);
});

test("what is sent and asked has a size that every service takes", () => {
  const probe = (body: string, headers: object = {}) =>
    linesOf(
      `${base}release: {probe: {method: POST, body: ${body}, headers: ${JSON.stringify(headers)}}}`,
    );
  expect(probe("a".repeat(65_536))).toEqual([]);
  expect(probe("é".repeat(32_769))).toHaveLength(1);
  expect(probe(`[${"a".repeat(65_533)}]`)).toHaveLength(1);
  expect(probe("a", Object.fromEntries(numbered("x-", 20).map((name) => [name, "a"])))).toEqual([]);
  expect(
    probe("a", Object.fromEntries(numbered("x-", 21).map((name) => [name, "a"]))),
  ).toHaveLength(1);
  expect(linesOf(`${base}release: {alarms: [${numbered("a", 90).join(", ")}]}`)).toEqual([]);
  expect(linesOf(`${base}release: {alarms: [${numbered("a", 91).join(", ")}]}`)).toHaveLength(1);
});

test("a probe's text stays as it is written; inside a body that becomes JSON, a number is a number", () => {
  const probe = (settings: string) => configOf(`${base}release: {probe: {${settings}}}`);
  expect(
    probe("method: POST, body: 1.10, json_path: 0.5, headers: {X-Api-Version: 1.10}"),
  ).toMatchObject({
    release: {
      probe: { body: "1.10", jsonPath: "0.5", headers: { "X-Api-Version": "1.10" } },
    },
  });
  expect(configOf(`${base}release: {alarms: [500, no]}`)).toMatchObject({
    release: { alarms: ["500", "no"] },
  });
  expect(probe("method: POST, body: {input: [a], k: 1.10, none: }")).toMatchObject({
    release: { probe: { body: '{"input":["a"],"k":1.1,"none":null}' } },
  });
});

function numbered(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

function parse(text: string) {
  return parseConfig({ text, file: "f.yml", overrides: {} });
}

function linesOf(text: string) {
  const parsed = parse(text);
  return "problems" in parsed ? formatProblems(parsed.problems) : [];
}

function configOf(text: string) {
  const parsed = parse(text);
  return "problems" in parsed ? formatProblems(parsed.problems) : parsed.config;
}
