import { expect, test } from "vitest";
import { served } from "../../../test/_helpers/release-world.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import { refuseUsed } from "./secret-uses.ts";

const pin = { arn: "arn:secret:TOKEN-1", version: "1", as: "file" as const };
const having = (release: number, ...names: readonly string[]): ReleaseRecord =>
  served({
    release,
    version: `v${release}`,
    digest: `sha256:${release}`,
    container: {
      ...served().container,
      secrets: Object.fromEntries(names.map((name) => [name, pin])),
    },
  });

test.each<[string, string | undefined, readonly ReleaseRecord[], unknown]>([
  [
    "the configuration names it",
    "infer-deploy.yml:9:3",
    [],
    { exitCode: 64, where: "infer-deploy.yml:9:3" },
  ],
  [
    "the serving release has it",
    undefined,
    [having(8, "TOKEN"), having(7)],
    { exitCode: 1, message: expect.stringContaining("v8") },
  ],
  [
    "a rollback would return to a release that has it",
    undefined,
    [having(8), having(7, "TOKEN")],
    { exitCode: 1, message: expect.stringContaining("return to v7") },
  ],
])("refused: %s", (_, place, releases, error) => {
  expect(failure(place, releases)).toMatchObject(error as object);
});

test.each<[string, readonly ReleaseRecord[]]>([
  ["nothing was ever released", []],
  ["it is the only release, without it", [having(8)]],
  ["only an older release has it", [having(8), having(7), having(6, "TOKEN")]],
  ["the releases have others", [having(8, "OTHER"), having(7, "OTHER")]],
])("not refused: %s", (_, releases) => {
  expect(failure(undefined, releases)).toBeUndefined();
});

function failure(place: string | undefined, releases: readonly ReleaseRecord[]): unknown {
  try {
    refuseUsed("TOKEN", place, releases);
    return undefined;
  } catch (error) {
    return error;
  }
}
