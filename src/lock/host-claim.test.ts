import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { fakeClock } from "../../test/_helpers/fake-clock.ts";
import { identity, processesOn } from "../../test/_helpers/lock-values.ts";

import { claimHost, dropClaim, type ClaimDeps, type StackFlags } from "./host-claim.ts";

const home = mkdtempSync(join(tmpdir(), "claim-"));
const claims = join(home, "infer-deploy", "claims");
const running = new Map([
  [4712, "200"],
  [4713, "300"],
]);
const { now } = fakeClock();

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Bob's process 4712, or another one of his on the same laptop. */
function machine(changes: Partial<ClaimDeps> = {}): ClaimDeps & { readonly exit: () => void } {
  let atExit = (): void => undefined;
  return {
    env: { XDG_STATE_HOME: home },
    cwd: "/home/bob/service",
    now,
    processes: processesOn(running),
    onExit: (listener) => (atExit = listener),
    exit: () => {
      atExit();
    },
    ...changes,
  };
}

const other = processesOn(running, identity({ pid: 4713, start: "300" }));

test("a second process on the machine is refused, and the error names the first", async () => {
  await claimHost(machine(), flags(), "release --version v2");
  await expect(claimHost(machine({ processes: other }), flags(), "rollback")).rejects.toMatchObject(
    {
      exitCode: 5,
      message:
        "The stack is locked by bob@laptop, `infer-deploy release --version v2`, started just now.",
      why: "process 4712 runs on this machine",
    },
  );
});

test.each(["giveBack", "exit"] as const)(
  "after the first one's %s, the next may continue",
  async (how) => {
    const first = machine();
    const claim = await claimHost(first, flags(), "release --version v2");
    if (how === "giveBack") claim.giveBack();
    else first.exit();
    expect(readdirSync(claims)).toEqual([]);
    await claimHost(machine({ processes: other }), flags(), "rollback");
    // The claim belongs to the second process by now.
    claim.giveBack();
    expect(readdirSync(claims)).toHaveLength(1);
  },
);

test.each([
  ["a process that was killed", machine({ processes: processesOn(new Map(), identity()) })],
  [
    "a process of another container with the same home",
    machine({ processes: processesOn(running, identity({ pidNamespace: "pid:[2]", pid: 4713 })) }),
  ],
])("the claim of %s refuses no run: the lock decides", async (_, second) => {
  await claimHost(machine(), flags(), "release --version v2");
  const claim = await claimHost(second, flags(), "rollback");
  claim.giveBack();
  expect(readdirSync(claims)).toEqual([]);
});

test.each([
  ["another sandbox", {}, { sandbox: "two" }],
  ["another profile", {}, { profile: "work" }],
  ["another configuration", {}, { config: "other.yml" }],
  ["another folder", { cwd: "/home/bob/other" }, {}],
  ["another account", { env: { XDG_STATE_HOME: home, AWS_ACCESS_KEY_ID: "other" } }, {}],
])("%s is another stack", async (_, changes, named) => {
  await claimHost(machine(), flags(), "release --version v2");
  await claimHost(machine({ ...changes, processes: other }), flags(named), "rollback");
  expect(readdirSync(claims)).toHaveLength(2);
});

test.each(["", "{", "null", '{"pid": 4712}', '"x"'])(
  "a claim that holds %j is replaced",
  async (text) => {
    await claimHost(machine(), flags(), "release --version v2");
    const [name = ""] = readdirSync(claims);
    writeFileSync(join(claims, name), text);
    await claimHost(machine({ processes: other }), flags(), "rollback");
    expect(readdirSync(claims)).toEqual([name]);
  },
);

test("where no claim can be written, no run is refused", async () => {
  mkdirSync(home, { recursive: true });
  const file = join(home, "file");
  writeFileSync(file, "");
  const env = { XDG_STATE_HOME: file };
  await claimHost(machine({ env }), flags(), "release --version v2");
  const claim = await claimHost(machine({ env, processes: other }), flags(), "rollback");
  claim.giveBack();
});

test("removing the lock removes the claim too", async () => {
  await claimHost(machine(), flags(), "release --version v2");
  dropClaim(machine(), flags());
  await claimHost(machine({ processes: other }), flags(), "rollback");
});

function flags(changes: Partial<StackFlags> = {}): StackFlags {
  return {
    ...{ config: undefined, environment: undefined, region: undefined, profile: undefined },
    sandbox: undefined,
    ...changes,
  };
}
