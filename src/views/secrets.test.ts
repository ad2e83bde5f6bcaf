import { expect, test } from "vitest";
import { release, snapshot, stackRecord } from "../../test/_helpers/rollout-values.ts";
import type { StoredSecret } from "../aws/secrets/list-secrets.ts";
import { secretSetDocument, secretSetText, secretsDocument, secretsText } from "./secrets.ts";
import { statusText } from "./status/status-text.ts";
import { statusDocument } from "./status/status.ts";

const now = new Date("2026-01-01T03:00:00.000Z");
const place = { name: "app", environment: "production", region: "eu-west-1" };
const stored = (name: string, version: string | null, more: Partial<StoredSecret> = {}) => ({
  name,
  arn: `arn:${name}`,
  version,
  previous: null,
  changed: "2026-01-01T00:00:00.000Z",
  isLeaving: false,
  ...more,
});
const pin = (name: string, version: string) => ({
  arn: `arn:${name}`,
  version,
  as: "file" as const,
});
const serving = release({
  outcome: "succeeded",
  container: {
    ...release().container,
    secrets: { TOKEN: pin("TOKEN", "1111111122"), KEY: pin("KEY", "2222222233") },
  },
});

test("the list has names, versions and what is in use", () => {
  const document = secretsDocument(
    { ...place, secrets: { TOKEN: "file", KEY: "env", NEW: "file" } },
    [
      stored("KEY", "2222222233"),
      stored("OLD", "4444444455"),
      stored("TOKEN", "3333333344", { previous: "1111111122" }),
      stored("NEW", "5555555566", { isLeaving: true }),
    ],
    serving,
  );
  expect(secretsText(document, now).split("\n")).toEqual([
    "name   as    version   changed  in use",
    "KEY    env   22222222  3 h ago  v7 (release 7)",
    "NEW    file  MISSING   -        -",
    "OLD    -     44444444  3 h ago  -",
    "TOKEN  file  33333333  3 h ago  v7 (release 7), with the older 11111111",
    "",
  ]);
  expect(document.secrets[3]).toEqual({
    name: "TOKEN",
    as: "file",
    version: "3333333344",
    previous: "1111111122",
    changed: "2026-01-01T00:00:00.000Z",
    in_use: { release: 7, release_version: "v7", version: "1111111122", newest: false },
  });
});

test("a stack without secrets says how to make one", () => {
  const document = secretsDocument({ ...place, secrets: {} }, [], undefined);
  expect(secretsText(document, now)).toContain("infer-deploy secrets set NAME");
});

test.each<[string, readonly StoredSecret[] | undefined, string, readonly string[]]>([
  ["the newest", [stored("TOKEN", "1111111122"), stored("KEY", "2222222233")], "TOKEN, KEY", []],
  [
    "a newer one",
    [stored("TOKEN", "3333333344"), stored("KEY", "2222222233")],
    "TOKEN, KEY; NEWER VERSION of TOKEN: infer-deploy release picks it up",
    ["TOKEN"],
  ],
  [
    "one that was removed and set again",
    [stored("TOKEN", "1111111122"), stored("KEY", "2222222233", { arn: "arn:KEY-again" })],
    "TOKEN, KEY; NEWER VERSION of KEY: infer-deploy release picks it up",
    ["KEY"],
  ],
  ["what could not be asked for", undefined, "TOKEN, KEY", []],
])("status of %s", (_, found, text, outdated) => {
  const seen = snapshot({ releases: [serving] });
  const document = statusDocument(stackRecord(), seen, undefined, undefined, undefined, found);
  expect(document.secrets.filter((one) => one.outdated).map(({ name }) => name)).toEqual(outdated);
  expect(statusText(document, now)).toContain(`  secrets   ${text}\n`);
});

test("status of a stack without secrets has no line about them", () => {
  const seen = snapshot({ releases: [release({ outcome: "succeeded" })] });
  expect(statusText(statusDocument(stackRecord(), seen), now)).not.toContain("secrets");
});

test("the login's secret has its own row and its own next step", () => {
  const document = secretsDocument(
    { ...place, secrets: {} },
    [stored("OIDC_CLIENT_SECRET", "4444444455")],
    undefined,
  );
  expect(secretsText(document, now).split("\n")[1]).toBe(
    "OIDC_CLIENT_SECRET  login  44444444  3 h ago  -",
  );
  const set = secretSetDocument(place, { name: "OIDC_CLIENT_SECRET", version: "v", created: true });
  expect(secretSetText(set, undefined)).toContain("with the next infer-deploy up");
});
