import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hookEnvironment, type HookName } from "./hook.ts";

const names: Readonly<Record<HookName, true>> = {
  "pre-build": true,
  "pre-release": true,
  "post-shift": true,
  "post-release": true,
  "on-failure": true,
  "on-rollback": true,
};
const page = readFileSync(new URL("../../docs/reference/hooks.md", import.meta.url), "utf8");
const examples = new Map(
  [...page.matchAll(/^`([a-z-]+)`: [^\n]*\n\n```sh\n([^`]*?)```/gm)].map((match) => [
    match[1] ?? "",
    match[2] ?? "",
  ]),
);

test("the page lists every variable, and no other", () => {
  const told = new Set(
    [...page.matchAll(/^\| (.*?) \|/gm)].flatMap(
      (row) => row[1]?.match(/INFER_DEPLOY_[A-Z_]+/g) ?? [],
    ),
  );
  expect([...told].toSorted()).toEqual(Object.keys(hookEnvironment("pre-build", {})).toSorted());
});

test("every hook has a row and an example", () => {
  expect([...examples.keys()]).toEqual(Object.keys(names));
  for (const name of Object.keys(names)) {
    expect(page).toContain(`\n| \`${name}\` |`);
  }
});

test.each([...examples])(
  "the example for %s is a shell script that reads variables that are there",
  (_, script) => {
    expect(script.startsWith("#!/bin/sh\n")).toBe(true);
    execFileSync("sh", ["-n"], { input: script });
    const known = new Set(Object.keys(hookEnvironment("pre-build", {})));
    for (const variable of script.match(/INFER_DEPLOY_[A-Z_]+/g) ?? []) {
      expect(known).toContain(variable);
    }
  },
);
