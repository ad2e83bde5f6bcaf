import fc from "fast-check";
import { expect, test } from "vitest";
import { createLineSplitter } from "./lines.ts";

test("lines come out whole however the bytes are cut", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: "grapheme" }).filter((line) => !/[\r\n]/.test(line)),
        { minLength: 1 },
      ),
      fc.array(fc.nat({ max: 40 })),
      (lines, cuts) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        const seen: string[] = [];
        const splitter = createLineSplitter((line) => seen.push(line));
        let from = 0;
        for (const cut of cuts) {
          splitter.push(bytes.subarray(from, from + cut));
          from += cut;
        }
        splitter.push(bytes.subarray(from));
        splitter.end();
        expect(seen).toEqual(lines);
      },
    ),
  );
});

test("a last line without its break is passed on once, by end", () => {
  const seen: string[] = [];
  const splitter = createLineSplitter((line) => seen.push(line));
  splitter.push(Buffer.from("one\r\ntwo"));
  expect(seen).toEqual(["one"]);
  splitter.end();
  splitter.end();
  expect(seen).toEqual(["one", "two"]);
});

test("of a line that overwrites itself the last text counts", () => {
  const seen: string[] = [];
  const splitter = createLineSplitter((line) => seen.push(line));
  // As Docker's classic builder and pip write their progress.
  splitter.push(Buffer.from("Sending  2.048kB\r\r\n 1 %\r 99 %\rdone\r\n\r\nend\r"));
  splitter.end();
  expect(seen).toEqual(["Sending  2.048kB", "done", "", "end"]);
});
