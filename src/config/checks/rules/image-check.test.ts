import { expect, test } from "vitest";
import { formatProblems } from "../problem.ts";
import { parseConfig } from "../../parse.ts";

function problems(image: string, more = "") {
  const text = `name: app\nregion: eu-west-1\nimage:\n  ref: ghcr.io/acme/server:1.2\n${image}${more}`;
  const environment = { value: "production", origin: "--environment" };
  const parsed = parseConfig({ text, file: "f.yml", overrides: { environment } });
  return "problems" in parsed ? formatProblems(parsed.problems) : [];
}

test.each([
  ["context", "."],
  ["dockerfile", "Dockerfile"],
  ["build_args", "{A: b}"],
  ["target", "serve"],
  ["secrets", "{A: env:A}"],
  ["attest", "auto"],
])("ref with %s is refused at that key's line, also with the default's value", (key, value) => {
  expect(problems(`  ${key}: ${value}\n`)).toEqual([
    expect.stringMatching(
      new RegExp(`^f\\.yml:5:\\d+ {2}image\\.${key}: found ${key} with image\\.ref, allowed`),
    ),
  ]);
});

test("ref with a port and a platform is a configuration, and an environment may have another", () => {
  const other = "environments: { production: { image: { ref: a/b:2 } } }\n";
  expect(problems("  port: 80\n  platform: linux/amd64\n", other)).toEqual([]);
});

test("a ref that an environment adds to a build is refused at the environment's line", () => {
  const text =
    "name: app\nregion: eu-west-1\nimage: { target: a }\nenvironments:\n  production: { image: { ref: a/b } }\n";
  const parsed = parseConfig({ text, file: "f.yml", overrides: {} });
  expect("problems" in parsed && formatProblems(parsed.problems)).toEqual([
    expect.stringMatching(/^f\.yml:5:/),
  ]);
});
