import { expect, test } from "vitest";
import { findWords } from "./find-words.ts";
import { proseOf } from "./prose.ts";
import words from "./words.json" with { type: "json" };

/** Lines on which the planted phrase is found. */
function linesOf(path: string, ...lines: readonly string[]): readonly number[] {
  const hits = findWords({ "old word(s)?": "new" }, proseOf(path, lines.join("\n")) ?? "");
  return hits.map(({ line }) => line);
}

test("TypeScript and JavaScript: comments, strings and template texts, no identifiers and no values", () => {
  const source = [
    "// an old word",
    'const oldWord = "an old word";',
    "const text = `${old(word)} an old word`;",
    "/** the old",
    " *  words */",
    'import "./old word.ts";',
    "const names = { 'old-word': /old word/ };",
    "// see `old word`",
  ];
  expect(linesOf("a.ts", ...source)).toEqual([1, 2, 3, 4]);
  expect(linesOf("a.js", ...source)).toEqual([1, 2, 3, 4]);
  expect(linesOf("bin/a", "#!/usr/bin/env node", "// an old word", "old.word()")).toEqual([2]);
});

test("Python: comments, strings and docstrings", () => {
  const source = ['"""An', 'old word."""', "old = word  # an old word", "f('an old word', old)"];
  expect(linesOf("a.py", ...source)).toEqual([2, 3, 4]);
  expect(linesOf("agent", "#!/usr/bin/env python3", "x = 'an old word'", "old word")).toEqual([2]);
});

test("shell: comments, quoted texts and here-documents", () => {
  const source = [
    "#!/bin/sh",
    "old word # an old word",
    "say 'an old word' \"an old word\"",
    "cat <<EOF",
    "an old word",
    "EOF",
    "echo ${x#old word}",
  ];
  expect(linesOf("run", ...source)).toEqual([2, 3, 3, 5]);
  expect(linesOf("a.sh", ...source.slice(1))).toEqual([1, 2, 2, 4]);
});

test("Terraform: comments, strings and here-documents, without what is interpolated", () => {
  const source = [
    "# an old word",
    'description = "An old word."',
    'name = "a ${old word} b"',
    "text = <<-EOT",
    "  an old word",
    "EOT",
    "old = word",
  ];
  expect(linesOf("a.tf", ...source)).toEqual([1, 2, 5]);
  expect(linesOf("a.tftest.hcl", ...source)).toEqual([1, 2, 5]);
});

test("YAML and Dockerfiles: comments and quoted texts", () => {
  const yaml = ["# an old word", "key: 'an old word'", "other: it's an old word, isn't it"];
  expect(linesOf("a.yml", ...yaml)).toEqual([1, 2]);
  const dockerfile = ["# an old word", "RUN old word", 'LABEL title="an old word"'];
  expect(linesOf("Dockerfile", ...dockerfile)).toEqual([1, 3]);
  expect(linesOf("base/node.Dockerfile", ...dockerfile)).toEqual([1, 3]);
});

test("Markdown: prose and tables, no code, no addresses", () => {
  const source = [
    "An old",
    "word, `old word` and [old words](docs/old-word.md).",
    "| old word |",
    "```sh",
    "old word",
    "```",
    "  ~~~",
    "old word",
    "  ~~~",
    "An old word.",
  ];
  expect(linesOf("README.md", ...source)).toEqual([1, 2, 3, 10]);
});

test("files of data hold no sentences", () => {
  expect(proseOf("package.json", '{ "description": "an old word" }')).toBeNull();
  expect(proseOf("LICENSE", "an old word")).toBeNull();
});

test("a phrase is found as whole words, in any case, and never inside a path or another word", () => {
  const text = "Old word, an old-word, an old wordy x/old word, old\n  WORDS.";
  expect(findWords({ "old word(s)?": "new" }, text)).toEqual([
    { line: 1, found: "Old word", write: "new" },
    { line: 1, found: "old WORDS", write: "new" },
  ]);
});

test.each([
  "Put it next to the config. The left side is right.",
  "It is told to stop, and there is no lock any more, one that is no longer held.",
  "Two things stand in the way. EOF stands for the end, a fake stands in for AWS.",
  "It is a part of its own share, and ends with the end of its own process.",
  "Take the first one back to front, give up after 5 s, and ask who is ready.",
])("good English passes: %s", (sentence) => {
  expect(findWords(words, sentence)).toEqual([]);
});

test("the list finds what it is there for", () => {
  // Without spaces, so that the list does not find it in this file.
  const sentence = "Whoever_mends_it_puts_it_right,_which_is_no_error_of_its_own.".replaceAll(
    "_",
    " ",
  );
  expect(findWords(words, sentence).map(({ found }) => found.replaceAll(" ", "_"))).toEqual([
    "Whoever",
    "mends",
    "puts_it_right",
    "which_is_no",
    "of_its_own",
  ]);
});
