import { expect, test } from "vitest";
import { problemsOf } from "../../../../test/_helpers/config-lines.ts";
import { parseConfig } from "../../parse.ts";

test("a secret and a variable may share a name while the secret is a file", () => {
  expect(problemsOf("env: { KEY: a, PORT: 8080 }", "secrets: { KEY: file, PORT: file }")).toEqual(
    [],
  );
  expect(problemsOf("env: { KEY: a }", "secrets: { KEY: env }")).toEqual([
    "f.yml:4:17  secrets.KEY: found env, and a value of the same name in env, allowed one of the two (did you mean secrets.KEY: file?)",
  ]);
});

test.each(["PORT", "INFER_DEPLOY_VERSION"])("%s is infer-deploy's own variable", (name) => {
  expect(problemsOf(`secrets: { ${name}: env }`)).toEqual([
    expect.stringContaining("allowed another name, or file"),
  ]);
});

test.each([
  ["hf-token: file", 'the name "hf-token"'],
  ["../etc/passwd: file", 'the name "../etc/passwd"'],
  [`${"A".repeat(65)}: file`, "the name"],
  ["KEY: hunter2", '"hunter2", allowed file or env'],
  ["KEY: { as: file }", "a map, allowed file or env"],
])("%s is refused", (secret, found) => {
  expect(problemsOf("secrets:", `  ${secret}`)).toEqual([expect.stringContaining(found)]);
});

test("an environment may change the delivery of one secret, and keeps the others", () => {
  const text = [
    ...["name: app", "region: eu-west-1", "secrets: { A: file, B: file }"],
    "environments: { staging: { secrets: { B: env } } }",
  ].join("\n");
  const parsed = parseConfig({ text, file: "f.yml", overrides: {} });
  expect(parsed).toMatchObject({ config: { secrets: { A: "file", B: "env" } } });
});

test("the role's policy has room for thirty", () => {
  const of = (count: number) =>
    problemsOf("secrets:", ...Array.from({ length: count }, (_, index) => `  S${index}: file`));
  expect(of(30)).toEqual([]);
  expect(of(31)).toEqual([expect.stringContaining("found 31 secrets, allowed at most 30")]);
});
