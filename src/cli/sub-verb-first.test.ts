import { expect, test } from "vitest";
import { subVerbFirst } from "./sub-verb-first.ts";
import { verbs } from "./verbs.ts";

test.each([
  ["keys --sandbox demo show", "keys show --sandbox demo"],
  ["lock --json -e show status", "lock status --json -e show"],
  ["secrets --sandbox=demo set TOKEN", "secrets set --sandbox=demo TOKEN"],
  ["maintenance --environment one on", "maintenance on --environment one"],
  // The name of the sandbox is no sub-verb.
  ["keys --sandbox show", "keys --sandbox show"],
  ["keys show --sandbox demo", "keys show --sandbox demo"],
  ["keys --sandbox demo nonsense", "keys --sandbox demo nonsense"],
  // A secret may have the name of a sub-verb.
  ["secrets set list", "secrets set list"],
  ["status --sandbox keys", "status --sandbox keys"],
  ["keys --help", "keys --help"],
])("%s is read as %s", (typed, read) => {
  expect(subVerbFirst(typed.split(" "), verbs)).toEqual(read.split(" "));
});
