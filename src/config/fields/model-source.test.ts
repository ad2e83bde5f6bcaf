import { expect, test } from "vitest";
import { parseModelSource } from "./model-source.ts";

test.each([
  ["s3://models", { kind: "s3", bucket: "models", prefix: "" }],
  ["s3://models/", { kind: "s3", bucket: "models", prefix: "" }],
  ["s3://my.models/a/b-1/", { kind: "s3", bucket: "my.models", prefix: "a/b-1" }],
  ["s3://models/llama.gguf", { kind: "s3", bucket: "models", prefix: "llama.gguf" }],
  ["hf://org/name", { kind: "hub", repository: "org/name", revision: "main" }],
  ["hf://org/name@refs/pr/1", { kind: "hub", repository: "org/name", revision: "refs/pr/1" }],
  [
    "https://h.example.com/a/m.gguf?x=1",
    { kind: "https", url: "https://h.example.com/a/m.gguf?x=1" },
  ],
])("%s", (text, expected) => {
  expect(parseModelSource(text)).toEqual(expected);
});

test.each([
  "models/a",
  "s3://",
  "s3://Models/a",
  "s3://models/a//b",
  // A policy would read it as a pattern.
  "s3://models/*",
  "s3://models/a?b",
  "s3://models/${aws:username}",
  "hf://name",
  "hf://org/name@",
  "http://h.example.com/m.gguf",
  "https://h.example.com/",
  "https://user:pass@h.example.com/m.gguf",
  "https://h.example.com/m gguf",
])("%s is none", (text) => {
  expect(parseModelSource(text)).toBeUndefined();
});
