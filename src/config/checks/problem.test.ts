import { expect, test } from "vitest";
import { describeFound, formatPath, formatProblems, type Problem } from "./problem.ts";

const problem: Problem = {
  file: "infer-deploy.yml",
  line: 4,
  column: 9,
  path: "region",
  found: '"eu-centrl-1"',
  allowed: "an AWS region",
  suggestion: "eu-central-1",
};

test("a problem is one line with its place, what was found, what is allowed and what was meant", () => {
  expect(formatProblems([problem])).toEqual([
    'infer-deploy.yml:4:9  region: found "eu-centrl-1", allowed an AWS region (did you mean eu-central-1?)',
  ]);
});

test("a flag has no line, the whole file has no path", () => {
  const flag = { ...problem, file: "--region", line: null, column: null };
  const whole = { ...problem, path: "", suggestion: null };
  expect(formatProblems([flag, whole])).toEqual([
    '--region  region: found "eu-centrl-1", allowed an AWS region (did you mean eu-central-1?)',
    'infer-deploy.yml:4:9  found "eu-centrl-1", allowed an AWS region',
  ]);
});

test("problems come in the order of the file, at most fifty of them", () => {
  const many = Array.from({ length: 60 }, (_, index) => ({ ...problem, line: 60 - index }));
  const lines = formatProblems(many);
  expect(lines).toHaveLength(51);
  expect(lines[0]).toMatch(/^infer-deploy.yml:1:9 /);
  expect(lines[49]).toMatch(/^infer-deploy.yml:50:9 /);
  expect(lines[50]).toBe("and 10 more");
});

test.each([
  [[], ""],
  [["image", "port"], "image.port"],
  [["network", "allow", 2], "network.allow[2]"],
  [["tags", "cost centre"], 'tags."cost centre"'],
])("%j is written %s", (path, text) => {
  expect(formatPath(path)).toBe(text);
});

test.each([
  [undefined, undefined, "nothing"],
  [null, "~", "nothing"],
  [[1], undefined, "a list"],
  [{}, undefined, "a map"],
  [1000, "1e3", "1e3"],
  [true, "True", "True"],
  ["8080", "8080", '"8080"'],
  ["a".repeat(70), undefined, `"${"a".repeat(60)}..."`],
  ["\u001b[31m\u009b\u202e\n", undefined, String.raw`"\u001b[31m\u009b\u202e\n"`],
])("%j is described as %3$s", (value, source, text) => {
  expect(describeFound(value, source)).toBe(text);
});
