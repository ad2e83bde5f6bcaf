import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AgentState } from "../../../src/state/reports/agent-state.ts";
import { startLoad } from "../../_helpers/load.ts";
import type { Colour } from "../../../src/stack/colour.ts";
import type { DoorReport } from "../../../src/state/reports/door-report.ts";
import { bootSingle, type SingleMachine } from "../../_helpers/single-machine.ts";
import { instanceId } from "../../_helpers/instance-seed.ts";

let machine: SingleMachine;

beforeAll(async () => {
  machine = await bootSingle();
});

afterAll(async () => {
  await machine?.remove();
});

test("the machine boots from its bundle, takes its address, and answers 503 without a release", async () => {
  const generation = await machine.traffic({});
  await served(generation);
  expect(await ask("/")).toMatchObject({ status: 503, retryAfter: "5", frame: "DENY" });
  expect(await machine.addresses()).toMatchObject([
    {
      Action: "AssociateAddress",
      AllocationId: "eipalloc-1",
      InstanceId: instanceId,
      AllowReassociation: "true",
    },
  ]);
  expect((await machine.exec("systemctl", "is-system-running")).stdout).toBe("running\n");
});

test("slot blue serves its release, and the report knows both slots", async () => {
  await machine.release("blue", 1);
  await healthy("blue", 1);
  await served(await machine.traffic({ weights: { blue: 100, green: 0 } }));
  expect(await ask("/cgi-bin/version")).toMatchObject({ status: 200, body: "v1", frame: "DENY" });
  await expect
    .poll(async () => (await door())?.slots, patience)
    .toMatchObject({ blue: { state: "healthy" }, green: { state: "unhealthy" } });
  expect((await door())?.certificate).toBeNull();
});

test("a request whose body is too large is refused, and other requests are served", async () => {
  const answer = await fetch(machine.url, { method: "POST", body: "x".repeat(2000) });
  expect(answer.status).toBe(413);
});

test("a probe reaches green before it has weight", async () => {
  await machine.release("green", 2);
  await healthy("green", 2);
  await served(await machine.traffic({ probe: { colour: "green", token: "probe-token" } }));
  const probe = { "x-infer-deploy-probe": "probe-token" };
  expect(await ask("/cgi-bin/version", probe)).toMatchObject({ body: "v2" });
  expect(await ask("/cgi-bin/version", { "x-infer-deploy-probe": "other" })).toMatchObject({
    body: "v1",
  });
});

test("a switch under load loses no request, and a stream in flight ends on the old release", async () => {
  const load = startLoad(async () => {
    const { status, body } = await ask("/cgi-bin/version");
    return { status, version: body };
  }, 60);
  const stream = fetch(`${machine.url}/cgi-bin/stream`).then((answer) => answer.text());
  await delay(2000);
  await served(await machine.traffic({ weights: { blue: 50, green: 50 } }));
  await delay(2000);
  await served(await machine.traffic({ weights: { blue: 0, green: 100 }, probe: null }));
  const now = Math.floor(Date.now() / 1000);
  await served(
    await machine.traffic({
      slots: { blue: { run: true, until: now }, green: { run: true, until: null } },
    }),
  );
  await expect.poll(async () => (await door())?.slots.blue.state, patience).toBe("draining");
  expect(await stream).toBe("v1\n".repeat(12));
  await expect.poll(async () => (await agent("blue"))?.state, patience).toBe("no-release");
  await expect.poll(async () => (await door())?.slots.blue.state, patience).toBe("unused");
  const samples = await load.stop();
  expect(samples.filter(({ status }) => status !== 200)).toEqual([]);
  expect(new Set(samples.map(({ version }) => version))).toEqual(new Set(["v1", "v2"]));
  expect((await machine.exec("docker", "ps", "--format", "{{.Names}}")).stdout).toBe(
    "infer-deploy-app-green\n",
  );
});

test("a pause answers 503 to all but those with the token", async () => {
  const pause = {
    content_type: "application/json",
    body: '{"error": "{env.HOME}"}',
    token: "pass-token",
    retry_after: 600,
  };
  await served(await machine.traffic({ pause }));
  expect(await ask("/cgi-bin/version")).toMatchObject({
    status: 503,
    retryAfter: "600",
    body: pause.body,
  });
  expect(await ask("/cgi-bin/version", { "x-infer-deploy-pass": "pass-token" })).toMatchObject({
    body: "v2",
  });
  await served(await machine.traffic({ pause: null }));
});

test("requests wait while a container starts again", async () => {
  const load = startLoad(async () => ({ status: (await ask("/healthz")).status }), 10);
  await delay(500);
  await machine.exec("docker", "restart", "--time", "2", "infer-deploy-app-green");
  await delay(3000);
  const samples = await load.stop();
  // What was in flight when the container was killed is lost, as on every server.
  const lost = samples.filter(({ status }) => status !== 200);
  expect(lost.length).toBeLessThan(samples.length / 4);
  expect(samples.at(-1)?.status).toBe(200);
});

test("a slot that fails its checks falls out while another has weight", async () => {
  await machine.traffic({
    weights: { blue: 50, green: 50 },
    slots: { blue: { run: true, until: null }, green: { run: true, until: null } },
  });
  await healthy("blue", 1, 2);
  await expect.poll(async () => (await door())?.slots.blue.state, patience).toBe("healthy");
  await machine.exec("docker", "pause", "infer-deploy-app-blue");
  await expect.poll(async () => (await door())?.slots.blue.state, patience).toBe("unhealthy");
  for (let request = 0; request < 6; request += 1) {
    expect(await ask("/cgi-bin/version")).toMatchObject({ status: 200, body: "v2" });
  }
  await machine.exec("docker", "unpause", "infer-deploy-app-blue");
  await expect.poll(async () => (await door())?.slots.blue.state, patience).toBe("healthy");
});

test("a Caddy that is killed serves again, and by what came meanwhile", async () => {
  await machine.exec("systemctl", "kill", "--signal=KILL", "infer-deploy-caddy");
  await served(await machine.traffic({ weights: { blue: 100, green: 0 } }));
  await expect.poll(async () => (await ask("/cgi-bin/version")).body, patience).toBe("v1");
});

test("a configuration that Caddy refuses is reported in its words, and the one before serves on", async () => {
  await machine.settings({ domains: [], headers: { "Bad Name": "x" }, request_seconds: "soon" });
  await expect.poll(async () => (await door())?.problem, patience).toMatch(/^Caddy: .*soon/);
  expect(await ask("/cgi-bin/version")).toMatchObject({ status: 200, body: "v1" });
  await machine.settings({});
  await expect.poll(async () => (await door())?.problem, patience).toBe("");
});

test("CloudWatch gets what the containers have answered, by colour, and what nothing has answered", async () => {
  const metrics = async () => {
    const lines = (await machine.logs()).filter((line) => line.includes("Door"));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  const stack = { Stack: "embeddings-production" };
  const slow = { timeout: 150_000, interval: 1000 };
  await expect
    .poll(metrics, slow)
    .toContainEqual(
      expect.objectContaining({ ...stack, Colour: "green", DoorErrors: 0, DoorUnhealthy: 0 }),
    );
  expect(await metrics()).toContainEqual(expect.objectContaining({ ...stack, DoorUnanswered: 0 }));
});

async function ask(path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(machine.url + path, { headers }).catch(() => undefined);
  return {
    status: answer?.status ?? 0,
    body: (await answer?.text().catch(() => "")) ?? "",
    retryAfter: answer?.headers.get("retry-after"),
    frame: answer?.headers.get("x-frame-options"),
  };
}

async function door(): Promise<DoorReport | undefined> {
  return (await machine.reports<DoorReport>("door")).at(-1);
}

async function agent(colour: Colour): Promise<AgentState | undefined> {
  return (await machine.reports<AgentState>(colour)).at(-1);
}

/** The door's report that Caddy serves by this generation. */
async function served(generation: number): Promise<void> {
  await expect
    .poll(door, patience)
    .toMatchObject({ instance: instanceId, zone: "eu-central-1a", generation, problem: "" });
}

/** The slot's agent reports the release as healthy; `times`: for the second time. */
async function healthy(colour: Colour, release: number, times = 1): Promise<void> {
  await expect
    .poll(async () => {
      const reports = await machine.reports<AgentState>(colour);
      const last = reports.at(-1);
      const starts = reports.flatMap((one) =>
        one.release === release && one.started_at !== undefined ? [one.started_at] : [],
      );
      return { ...last, starts: new Set(starts).size };
    }, patience)
    .toMatchObject({
      instance: `${instanceId}-${colour}`,
      colour,
      release,
      state: "healthy",
      starts: times,
    });
}

const patience = { timeout: 60_000, interval: 250 };
