import { expect, test } from "vitest";
import { explainContradiction, explainIssue, isInDoubt } from "./explain.ts";
import { readKnownKeys } from "./known-keys.ts";
import { formatProblem } from "./problem.ts";
import { readYaml } from "../yaml/tree.ts";

function treeOf(text: string) {
  return readYaml(text, { file: "f.yml", isVerbatim: () => false });
}

function explain(text: string): readonly string[] {
  const tree = treeOf(text);
  const { issues } = readKnownKeys(tree.value);
  return issues.flatMap((issue) => explainIssue(tree, "f.yml", issue)).map(formatProblem);
}

const head = "name: api\nregion: eu-west-1\n";

test("a bad value is reported at the value, as written", () => {
  expect(explain(`${head}image:\n  port: 1e9\n`)).toEqual([
    expect.stringMatching(/^f\.yml:4:9 {2}image\.port: found 1e9, allowed /),
  ]);
});

test("an unknown key is reported at the key, with the known keys and the one that was meant", () => {
  expect(explain(`${head}health:\n  pth: /healthz\n`)).toEqual([
    expect.stringMatching(
      /^f\.yml:4:3 {2}health\.pth: found an unknown key, allowed path, .*\(did you mean path\?\)$/,
    ),
  ]);
});

test("several unknown keys of one map are a problem each", () => {
  expect(explain(`${head}one: 1\ntwo: 2\n`)).toHaveLength(2);
});

test("a bad key of a map of names is reported at the key", () => {
  expect(explain(`${head}env:\n  "a b": x\n`)).toEqual([
    expect.stringMatching(/^f\.yml:4:3 {2}env\."a b": found the name "a b", allowed /),
  ]);
});

test("what the YAML reader refused has its problem already", () => {
  expect(explain(`${head}image:\n  port: 08080\n`)).toEqual([]);
  expect(explain("name: 007\nregion: eu-west-1\n")).toEqual([]);
});

test("a contradiction is reported where the user can change it", () => {
  const contradiction = {
    paths: [
      ["instances", "max"],
      ["instances", "min"],
    ],
    found: "max 1 with min 2",
    allowed: "more",
    suggestion: "2",
  } as const;
  const place = (text: string) =>
    formatProblem(explainContradiction(treeOf(text), "f.yml", "staging", contradiction));
  const base = `${head}instances:\n  min: 2\n  max: 1\n`;
  expect(place(base)).toBe(
    "f.yml:5:8  instances.max: found max 1 with min 2, allowed more (did you mean instances.max: 2?)",
  );
  const overridden = `${base}environments:\n  staging:\n    instances:\n      min: 2\n`;
  expect(place(overridden)).toMatch(/^f\.yml:9:12 {2}environments\.staging\.instances\.min: /);
  expect(place(head)).toMatch(/^f\.yml:1:1 {2}instances\.max: /);
});

test("a value is in doubt when it, its map or its override was refused", () => {
  const tree = treeOf(`${head}image:\n  port: 08080\n  context: app\n`);
  const inDoubt = (path: readonly string[], bad: readonly (readonly string[])[] = []) =>
    isInDoubt(tree, bad, "staging", path);
  expect(inDoubt(["image", "port"])).toBe(true);
  expect(inDoubt(["image", "context"])).toBe(false);
  expect(inDoubt(["image", "context"], [["image"]])).toBe(true);
  expect(inDoubt(["image", "context"], [["image", "port"]])).toBe(false);
  const override = ["environments", "staging", "image", "context"];
  expect(inDoubt(["image", "context"], [override])).toBe(true);
});
