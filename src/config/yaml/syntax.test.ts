import { LineCounter, parseDocument } from "yaml";
import { expect, test } from "vitest";
import { explainSyntax } from "./syntax.ts";

function explain(text: string): readonly string[] {
  const lineCounter = new LineCounter();
  const { errors } = parseDocument(text, { lineCounter, prettyErrors: false });
  return explainSyntax(text, errors, lineCounter).map(
    ({ offset, found, allowed }) => `${offset}: ${found} | ${allowed}`,
  );
}

test("text that is YAML has nothing to explain, with tabs where they are allowed", () => {
  expect(explain("a:\n  b:\tc\n\t\n# x\n")).toEqual([]);
});

test.each([
  ["a:\n\tb: 1", 3],
  ["a:\n  \tb: 1", 5],
  ["a:\n  b:\n\t- 1", 8],
  ["a:\n  b: [\n\t1]", 10],
  ["a:\r\n  b:\r\n\t- 1", 10],
])("%j has a tab where spaces belong", (text, offset) => {
  expect(explain(text)).toEqual([`${offset}: a tab | spaces for indentation`]);
});

test("only the first mistake of a line is reported", () => {
  const problems = explain("a: b: c: d\ne: f: g\n");
  expect(problems.map((line) => Number(line.split(":")[0]))).toEqual([3, 14]);
});

test("the excerpt ends with its line and has no control characters", () => {
  const [problem] = explain("a: @one\u001b[2J\nb: 2\n");
  expect(problem).toContain(String.raw`"@one\u001b[2J"`);
});

test("a mistake without our own sentence has the parser's", () => {
  expect(explain('a: "open\n')).toEqual([expect.stringContaining("the parser reports")]);
});
