import { expect, test } from "vitest";
import { completeCommands, shellWord, thisCommand } from "./printed-commands.ts";

const typed = ["up", "-e", "staging", "--sandbox", "demo", "--config=my app/x.yml", "--yes"];
const flags = "--environment staging --sandbox demo --config 'my app/x.yml'";

test.each([
  ["infer-deploy lock release", `infer-deploy lock release ${flags}`],
  [
    "run infer-deploy destroy again; then wait",
    `run infer-deploy destroy ${flags} again; then wait`,
  ],
  [
    "infer-deploy status shows it; infer-deploy rollback --to an older version",
    `infer-deploy status ${flags} shows it; infer-deploy rollback ${flags} --to an older version`,
  ],
  [
    "the next infer-deploy release or infer-deploy rollback repairs it",
    `the next infer-deploy release ${flags} or infer-deploy rollback ${flags} repairs it`,
  ],
  [
    "infer-deploy releases --environment production",
    "infer-deploy releases --sandbox demo --config 'my app/x.yml' --environment production",
  ],
  ["infer-deploy sandbox status --name demo", "infer-deploy sandbox status --name demo"],
  ["infer-deploy does not know this error", "infer-deploy does not know this error"],
  ["`infer-deploy release --version v1`", "`infer-deploy release --version v1`"],
  ["docker build -f Dockerfile .", "docker build -f Dockerfile ."],
])("%s", (text, complete) => {
  expect(completeCommands(text, typed)).toBe(complete);
});

test("the command that was run is printed as it was typed", () => {
  const release = ["release", "--version", "v 2", "--build-arg", "A=it's", "--sandbox"];
  expect(completeCommands(`${thisCommand} starts it again`, release)).toBe(
    "infer-deploy release --version 'v 2' --build-arg 'A=it'\\''s' --sandbox default starts it again",
  );
});

test.each([
  [["status"], ""],
  [["status", "--sandbox"], " --sandbox default"],
  [["status", "--sandbox", "--json"], " --sandbox default"],
  [["status", "--profile"], ""],
  [["status", "-eprod", "-cx.yml"], " --environment prod --config x.yml"],
  [["status", "--region", "eu-west-1", "--region=us-east-1"], " --region us-east-1"],
  [["status", "--profile", "$(id)"], " --profile '$(id)'"],
])("%j chooses by%s", (words, chosen) => {
  expect(completeCommands("infer-deploy plan", words)).toBe(`infer-deploy plan${chosen}`);
});

test.each([
  ["v1.2.3", "v1.2.3"],
  ["", "''"],
  ["a b", "'a b'"],
  ["it's", String.raw`'it'\''s'`],
])("%j in a shell", (text, word) => {
  expect(shellWord(text)).toBe(word);
});
