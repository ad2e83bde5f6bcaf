import { parseDocument } from "yaml";
import { expect, test } from "vitest";
import { formatPath } from "../checks/problem.ts";
import { readNode, spotKey, type Reader } from "./nodes.ts";

function read(text: string, isVerbatim: Reader["isVerbatim"] = () => false) {
  const reports: string[] = [];
  const reader: Reader = {
    isVerbatim,
    report: (offset, path, found) => {
      reports.push(`${offset} ${formatPath(path)}: ${found}`);
    },
    reportOnce: (offset, path, found) => {
      reports.push(`once ${offset} ${formatPath(path)}: ${found}`);
    },
    lineOf: () => 1,
    spots: new Map(),
  };
  const document = parseDocument(text, { uniqueKeys: false, schema: "core", merge: false });
  return { value: readNode(reader, document.contents, []), reports, spots: reader.spots };
}

test("maps, lists and scalars are their plain values, with the place of each", () => {
  const { value, spots, reports } = read("a: [1, true, x]\nb:\n  c:\n");
  expect(value).toEqual({ a: [1, true, "x"], b: { c: null } });
  expect(spots.get(spotKey(["a", 1]))).toMatchObject({ value: 7, source: "true" });
  expect(spots.get(spotKey(["b", "c"]))).toMatchObject({ key: 21 });
  expect(reports).toEqual([]);
});

test("keys are read as they are written", () => {
  expect(read("1.10: a\ntrue: b\n").value).toEqual({ "1.10": "a", true: "b" });
});

test.each([
  ["a: &x 1", { a: 1 }, 'once 6 a: the anchor "&x"'],
  ["a: *x", {}, 'once 3 a: the alias "*x"'],
  ["a: !t 1", { a: "1" }, '6 a: the tag "!t"'],
  ["a: 1\na: 2", { a: 1 }, "5 a: the key a second time"],
  ["<<: 1", {}, '0 "<<": a merge key'],
  ["__proto__: 1", {}, "0 __proto__: a name that JavaScript reserves"],
  ["? [a]\n: 1", {}, "2 : a key that is empty, a list or a map"],
  ["a: 007", {}, "3 a: 007"],
])("%j is refused", (text, value, report) => {
  expect(read(text)).toMatchObject({ reports: [report] });
  expect(read(text).value).toEqual(value);
});

test("numbers that are meant as text keep their spelling, and leading zeros", () => {
  const { value, reports } = read("a: 007\nb: 1.10\n", () => true);
  expect(value).toEqual({ a: "007", b: "1.10" });
  expect(reports).toEqual([]);
});

test("what lies too deep is not read", () => {
  const { reports } = read("a: ".concat("[".repeat(30), "]".repeat(30)));
  expect(reports).toEqual([expect.stringContaining("more levels below this")]);
});
