import { expect, test } from "vitest";
import { formatProblems } from "../checks/problem.ts";
import { readYaml } from "./tree.ts";

test("a plain document keeps its values, its places and its spelling", () => {
  const tree = read("# first\nimage:\n  port: 8080\nallow: [a, 'b']\nempty:\n");
  expect(tree.value).toEqual({ image: { port: 8080 }, allow: ["a", "b"], empty: null });
  expect(tree.problems).toEqual([]);
  expect(tree.locate(["image", "port"])).toEqual({ line: 3, column: 9 });
  expect(tree.locate(["image", "port"], "key")).toEqual({ line: 3, column: 3 });
  expect(tree.locate(["allow", 1])).toEqual({ line: 4, column: 12 });
  expect(tree.sourceOf(["image", "port"])).toBe("8080");
});

test("what is not there is placed at the key of its nearest parent", () => {
  const tree = read("\nname: a\nimage:\n  port: 1\n");
  expect(tree.locate(["image", "context"])).toEqual({ line: 3, column: 1 });
  expect(tree.locate(["zone"])).toEqual({ line: 1, column: 1 });
  expect(tree.has(["image", "context"])).toBe(false);
});

test("the file is YAML 1.2: on, off, yes and no are text, and so is a date", () => {
  expect(read("a: on\nb: no\nc: 2024-01-01\nd: 1_000\ne: 0o17\n").value).toEqual({
    a: "on",
    b: "no",
    c: "2024-01-01",
    d: "1_000",
    e: 15,
  });
});

test("values that are meant as text stay as they are written", () => {
  const tree = readYaml("env: {A: 1.10, B: 007, C: True, D: 12345678901234567890}\nport: 1.10\n", {
    file: "f.yml",
    isVerbatim: (path) => path[0] === "env",
  });
  expect(tree.value).toEqual({
    env: { A: "1.10", B: "007", C: "True", D: "12345678901234567890" },
    port: 1.1,
  });
  expect(tree.problems).toEqual([]);
});

test("a byte order mark and Windows line ends change nothing", () => {
  const tree = read("\ufeffname: a\r\nport: x\r\n");
  expect(tree.value).toEqual({ name: "a", port: "x" });
  expect(tree.locate(["port"])).toEqual({ line: 2, column: 7 });
});

test.each([
  [
    "port: 08080",
    "f.yml:1:7  port: found 08080, allowed a number without leading zeros (did you mean 8080?)",
  ],
  [
    "a: 1\nb: 2\na: 3",
    "f.yml:3:1  a: found the key a second time, allowed it once; line 1 has it already",
  ],
  ["a: &x 1", 'f.yml:1:7  a: found the anchor "&x", allowed the value alone, without an anchor'],
  ["a: *x", 'f.yml:1:4  a: found the alias "*x", allowed the value itself, without an alias'],
  [
    "<<: {a: 1}",
    'f.yml:1:1  "<<": found a merge key, allowed the keys themselves, without merging',
  ],
  [
    "a: !!str 1",
    'f.yml:1:10  a: found the tag "tag:yaml.org,2002:str", allowed the value alone, without a tag',
  ],
  [
    "a: !!js/function x",
    'f.yml:1:18  a: found the tag "tag:yaml.org,2002:js/function", allowed the value alone, without a tag',
  ],
  [
    "%YAML 1.1\n---\na: on",
    "f.yml:1:1  found a %YAML directive, allowed none; the file is read as YAML 1.2",
  ],
  ["a: 1\n---\nb: 2", "f.yml:2:1  found a second document, allowed one document in the file"],
  ["a:\n\tb: 1", "f.yml:2:1  found a tab, allowed spaces for indentation"],
  // The reader blames the end of the line before, the bracket and the key.
  ["a:\n  b:\n\t- 1", "f.yml:3:1  found a tab, allowed spaces for indentation"],
  ["a:\n  b: [\n\t1]", "f.yml:3:1  found a tab, allowed spaces for indentation"],
  [
    "a: 1\n  b: 2",
    'f.yml:1:4  found "1", allowed one key on a line; quotes around text that contains ": "',
  ],
  [
    'a: "\\\u001b"',
    String.raw`f.yml:1:5  found "\\\u001b\"", allowed valid YAML; the parser reports: Invalid escape sequence \\u001b`,
  ],
  [
    "a: b: c",
    'f.yml:1:4  found "b: c", allowed one key on a line; quotes around text that contains ": "',
  ],
  ["a: @x", 'f.yml:1:4  found "@x", allowed quotes around text that begins with @, ` or %'],
  [
    "name: a\nimage\nport: 1",
    'f.yml:2:1  found "image", allowed a key, a colon and a value on one line',
  ],
  [
    'a: "x',
    'f.yml:1:6  found the end of the line, allowed valid YAML; the parser reports: Missing closing "quote',
  ],
  [
    "__proto__: {a: 1}",
    "f.yml:1:1  __proto__: found a name that JavaScript reserves, allowed any other name",
  ],
  [
    "? [a]\n: b",
    "f.yml:1:3  found a key that is empty, a list or a map, allowed a name as the key",
  ],
])("%j is refused", (text, line) => {
  expect(formatProblems(read(text).problems)).toEqual([line]);
});

test("aliases and anchors are reported once each, however many there are", () => {
  expect(formatProblems(read("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]").problems)).toEqual([
    'f.yml:1:7  a: found the anchor "&a" and 1 more like it, allowed the value alone, without an anchor',
    'f.yml:2:8  b[0]: found the alias "*a" and 3 more like it, allowed the value itself, without an alias',
  ]);
});

test("levels have an end, for the reader's stack as well", () => {
  const deep = "a: ".concat("[".repeat(20), "]".repeat(20));
  expect(formatProblems(read(deep).problems)).toEqual([
    "f.yml:1:20  a[0][0]: found more levels below this, allowed at most 16 levels",
  ]);
  for (const opening of ["[", "{", "- ", "? ", "{a: "]) {
    const tree = read(opening.repeat(20_000));
    expect(tree.whole).toBe(false);
    expect(tree.problems.length).toBeGreaterThan(0);
  }
});

function read(text: string) {
  return readYaml(text, { file: "f.yml", isVerbatim: () => false });
}
