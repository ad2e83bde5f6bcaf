import { expect, test } from "vitest";
import { duration, name, nameOrAlone, pairs, requiredFolder, text } from "./kinds.ts";
import { readOptions } from "./read-options.ts";

const buildArgs = pairs("--build-arg <key=value>", "build argument");

test("pairs: each key by itself, and the command line before the variable", () => {
  expect(read(buildArgs, ["A=1", "C="], { INFER_DEPLOY_BUILD_ARG: "A=2\r\n\nB=x=y \n" })).toEqual({
    A: "1",
    B: "x=y ",
    C: "",
  });
  expect(() => read(buildArgs, undefined, { INFER_DEPLOY_BUILD_ARG: "A=1\n=2" })).toThrow(
    'INFER_DEPLOY_BUILD_ARG takes KEY=VALUE, and "=2" is not that.',
  );
});

test("a flag that was typed twice has its last value", () => {
  expect(read(text("--to <version>", "which"), ["v1", "v2"])).toBe("v2");
});

test("a flag whose value may be left out", () => {
  const sandbox = nameOrAlone("--sandbox [name]", "local region", "default");
  const env = { INFER_DEPLOY_SANDBOX: "two" };
  expect(read(sandbox)).toBeUndefined();
  expect(read(sandbox, [], env)).toBe("default");
  // A script's empty variable must not lead from the sandbox to AWS.
  expect(read(sandbox, [""], env)).toBe("default");
  expect(read(sandbox, undefined, env)).toBe("two");
});

test("what is missing is named with both ways to give it", () => {
  const out = requiredFolder("--out <folder>", "folder");
  for (const typed of [undefined, [""]]) {
    expect(() => read(out, typed)).toThrow(
      expect.objectContaining({
        exitCode: 64,
        message: "--out is missing.",
        next: "add --out <folder>, or set INFER_DEPLOY_OUT",
      }),
    );
  }
});

test("defaults are read as if they were typed", () => {
  expect(read(duration("--lock-wait <duration>", "wait", "2m"))).toBe(120);
  const more = { fallback: "default", twin: "INFER_DEPLOY_SANDBOX" };
  expect(read(name("--name <name>", "which", more))).toBe("default");
});

test("a declaration that cannot be read fails where it is written", () => {
  expect(() => text("version", "of what?")).toThrow("version declares no option.");
});

function read(
  option: ReturnType<typeof text> | typeof buildArgs | ReturnType<typeof duration>,
  typed?: readonly string[],
  env: Readonly<Record<string, string>> = {},
): unknown {
  const given = new Map(typed === undefined ? [] : [[option.flag, typed] as const]);
  return readOptions({ option }, { typed: given, env }).option;
}
