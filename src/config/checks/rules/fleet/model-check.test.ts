import { expect, test } from "vitest";
import { parseConfig } from "../../../parse.ts";
import { formatProblems } from "../../problem.ts";

test.each([
  ["path: /tmp/model", "a path outside /tmp"],
  [
    "path: /data/model }\ncontainer: { cache: { path: /data }",
    "folders of which none is in another",
  ],
  ["path: /data }\ncontainer: { writable: [/data/a]", "folders of which none is in another"],
  ["token: HF_TOKEN", "no token: the instances' role reads S3"],
  ["token: HF_TOKEN", "a name of secrets"],
])("%s is refused", (keys, words) => {
  expect(problems(`source: s3://models/a, ${keys}`)).toContain(words);
});

test("a hub needs a way to the internet, and a token TLS", () => {
  expect(problems("source: hf://a/b }\nnetwork: { egress: endpoints")).toContain(
    "a source on the internet, and instances that do not reach it",
  );
  const plain = "source: hf://a/b, endpoint: 'http://hub.internal', token: T }\nsecrets: { T: file";
  expect(problems(plain)).toContain("an endpoint with https");
});

test("a model that fits is accepted", () => {
  expect(problems("source: hf://a/b@v1, token: T }\nsecrets: { T: file")).toBe("");
  expect(problems("source: s3://models/a }\nnetwork: { egress: nat")).toBe("");
});

test("a source of another kind is refused with its line", () => {
  expect(problems("source: gs://models/a")).toMatch(/file:3:\d+[^]*s3:\/\/BUCKET\/PREFIX, hf:/);
});

function problems(model: string): string {
  const text = `name: app\nregion: eu-central-1\nmodel: { ${model} }\n`;
  const parsed = parseConfig({ text, file: "file", overrides: {} });
  return "problems" in parsed ? formatProblems(parsed.problems).join("\n") : "";
}
