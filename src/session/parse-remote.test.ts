import { expect, test } from "vitest";
import { parseRemote, refuseShell } from "./parse-remote.ts";

const parse = (typed: readonly string[], hasTerminal = false) => {
  const operands = typed.filter((word) => word !== "--");
  const asked = parseRemote(operands, ["exec", ...typed]);
  if (asked.words.length === 0) refuseShell({ hasTerminal });
  return asked;
};

test("what comes before the hyphens is the instance, what comes after them the command", () => {
  expect(parse(["--", "ls", "-l"])).toEqual({ instance: undefined, words: ["ls", "-l"] });
  expect(parse(["i-0a", "--", "ls"])).toEqual({ instance: "i-0a", words: ["ls"] });
  expect(parse([], true)).toEqual({ instance: undefined, words: [] });
});

test.each([
  [["ls"], '"ls" is no instance id.'],
  [["i-1", "ls"], '"ls" is neither an instance nor behind --.'],
  [[], "A shell needs a terminal at standard input and standard output."],
])("%j is refused", (typed, message) => {
  expect(() => parse(typed)).toThrow(expect.objectContaining({ message, exitCode: 64 }));
});
