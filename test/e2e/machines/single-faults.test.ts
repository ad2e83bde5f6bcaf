import { afterAll, beforeAll, expect, test } from "vitest";
import type { AgentState } from "../../../src/state/reports/agent-state.ts";
import type { DoorReport } from "../../../src/state/reports/door-report.ts";
import { startLoad } from "../../_helpers/load.ts";
import { bootSingle, type SingleMachine } from "../../_helpers/single-machine.ts";

/** What goes wrong on one machine: its clock, its access log, its disk. */
let machine: SingleMachine;

beforeAll(async () => {
  machine = await bootSingle();
});

afterAll(async () => {
  await machine?.remove();
});

test("the machine serves", async () => {
  await machine.release("blue", 1);
  await served({ weights: { blue: 100, green: 0 } });
  await expect.poll(async () => (await agent())?.state, patience).toBe("healthy");
});

test("a clock that is days off is reported, and traffic still follows", async () => {
  await clock(3 * 86_400);
  await expect
    .poll(async () => (await door())?.problem, patience)
    .toBe("The machine's clock is 3 days behind AWS's.");
  const generation = await machine.traffic({ probe: { colour: "blue", token: "t" } });
  await expect.poll(async () => (await door())?.generation, patience).toBe(generation);
  await machine.release("blue", 2);
  await expect.poll(agent, patience).toMatchObject({ release: 2, state: "healthy" });
  await clock(0);
  await expect.poll(async () => (await door())?.problem, patience).toBe("");
});

test("the access log has at most four files of 50 MB, however much is asked", async () => {
  // Caddy answers by itself, and notes the whole path.
  await served({ weights: { blue: 0, green: 0 } });
  const path = `/${"x".repeat(15_000)}`;
  const workers = Array.from({ length: 8 }, async () => {
    for (let turn = 0; turn < 2500; turn += 1) {
      await fetch(machine.url + path).then(async (answer) => answer.arrayBuffer());
    }
  });
  await Promise.all(workers);
  const log = "/var/lib/infer-deploy/caddy/log";
  const kilobytes = async () =>
    Number((await machine.exec("du", "--summarize", "--block-size=1K", log)).stdout.split("\t")[0]);
  const files = async () => (await machine.exec("sh", "-c", `ls ${log}/access*`)).stdout.trim();
  // The oldest are removed a moment later.
  await expect.poll(async () => (await files()).split("\n").length, patience).toBe(4);
  // A line more than 50 MB, and Caddy's own log.
  expect(await kilobytes()).toBeLessThan(4 * 50 * 1024 + 10_240);
  await served({ weights: { blue: 100, green: 0 } });
  expect((await fetch(`${machine.url}/cgi-bin/version`)).status).toBe(200);
});

test("a full disk is reported and loses no request, and what waited is done once there is room", async () => {
  await moveToSmallDisk();
  const place = "/var/lib/infer-deploy";
  await machine.exec("sh", "-c", `cat /dev/zero >${place}/filler; chmod 644 ${place}/filler`);
  const load = startLoad(async () => {
    const { status } = await fetch(`${machine.url}/cgi-bin/version`);
    return { status };
  }, 50);
  const generation = await machine.traffic({ probe: { colour: "blue", token: "other" } });
  await expect
    .poll(async () => (await door())?.problem, patience)
    .toContain("No space left on device");
  expect((await door())?.generation).toBeLessThan(generation);
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const samples = await load.stop();
  expect(samples.length).toBeGreaterThan(200);
  expect(samples.filter(({ status }) => status !== 200)).toEqual([]);
  await machine.exec("rm", `${place}/filler`);
  await expect.poll(door, patience).toMatchObject({ generation, problem: "" });
});

/** Everything of the door and Caddy on a separate disk, so that filling it does not fill this machine's. */
async function moveToSmallDisk(): Promise<void> {
  const script = [
    "set -e",
    "systemctl stop infer-deploy-door infer-deploy-caddy infer-deploy-agent-blue infer-deploy-agent-green",
    "rm -f /var/lib/infer-deploy/caddy/log/access*",
    "cp -a /var/lib/infer-deploy /tmp/kept",
    "mount -t tmpfs -o size=200m,mode=711 tmpfs /var/lib/infer-deploy",
    "cp -a /tmp/kept/. /var/lib/infer-deploy/",
    "systemctl start infer-deploy-door infer-deploy-agent-blue infer-deploy-agent-green",
  ];
  const { exitCode, stderr } = await machine.exec("sh", "-c", script.join("\n"));
  expect(exitCode, stderr).toBe(0);
  const answers = async () =>
    fetch(`${machine.url}/cgi-bin/version`).then(
      ({ status }) => status,
      () => 0,
    );
  await expect.poll(answers, patience).toBe(200);
}

async function served(changes: Parameters<SingleMachine["traffic"]>[0]): Promise<void> {
  const generation = await machine.traffic(changes);
  await expect.poll(door, patience).toMatchObject({ generation, problem: "" });
}

async function clock(aheadSeconds: number): Promise<void> {
  await fetch(`${machine.endpoint}/_clock`, { method: "PUT", body: String(aheadSeconds) });
}

async function door(): Promise<DoorReport | undefined> {
  return (await machine.reports<DoorReport>("door")).at(-1);
}

async function agent(): Promise<AgentState | undefined> {
  return (await machine.reports<AgentState>("blue")).at(-1);
}

const patience = { timeout: 60_000, interval: 250 };
