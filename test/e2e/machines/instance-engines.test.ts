import { afterAll, beforeAll, expect, test } from "vitest";
import type { AgentState } from "../../../src/state/reports/agent-state.ts";
import { bootMachine, type Machine } from "../../_helpers/instance-machine.ts";

/** The other instance tests run on the default engine; on AWS an instance has whatever its machine image's distribution packages. */
let machine: Machine;

beforeAll(async () => {
  machine = await bootMachine("26");
});

afterAll(() => machine?.remove());

test("the instance boots with Docker 26", async () => {
  await reported({ state: "no-release" });
  const version = await machine.exec("docker", "version", "--format", "{{.Server.Version}}");
  expect(version.stdout).toMatch(/^26\./);
  await expect
    .poll(async () => (await machine.exec("cloud-init", "status")).stdout, patience)
    .toContain("status: done");
});

test("a release is pulled by digest and becomes healthy", async () => {
  await machine.release(1, "healthy");
  const report = { state: "healthy", release: 1, exit_code: null, log_tail: ["mode healthy"] };
  await reported(report);
});

test("an update of the machine leaves engine and release alone, because the user-data has switched it off", async () => {
  const since = async () =>
    (
      await machine.exec(
        ...["systemctl", "show", "--value", "-p", "ActiveEnterTimestampMonotonic"],
        ...["containerd", "docker", "infer-deploy-app", "infer-deploy-agent"],
      )
    ).stdout;
  const before = await since();
  const update = await machine.exec("sandbox-self-update");
  expect(update.stdout).toMatch(/^self-update: apt-daily-upgrade\.timer is masked/);
  expect(await since()).toBe(before);
});

test("the agent distinguishes a crash, too little memory and a missing image", async () => {
  await machine.release(2, "crashing");
  await reported({
    state: "crashed",
    release: 2,
    exit_code: 3,
    log_tail: lines("no weights found"),
  });
  await machine.release(3, "hungry");
  await reported({ state: "out-of-memory", release: 3, exit_code: 137 });
  await machine.release(4, "healthy", { image: `cloud:5001/app@sha256:${"0".repeat(64)}` });
  await reported({ state: "image-missing", release: 4 });
});

/** Waits for such a report. A later one may have replaced it. */
async function reported(wanted: Partial<AgentState> | Record<string, unknown>): Promise<void> {
  await expect
    .poll(machine.reports, patience)
    .toEqual(expect.arrayContaining([expect.objectContaining(wanted)]));
}

function lines(last: string): unknown {
  return expect.arrayContaining([last]);
}

const patience = { timeout: 60_000, interval: 250 };
