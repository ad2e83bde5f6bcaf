import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AgentState } from "../../../src/state/reports/agent-state.ts";
import { bootMachine, type Machine } from "../../_helpers/instance-machine.ts";
import { instanceId } from "../../_helpers/instance-seed.ts";

let machine: Machine;

beforeAll(async () => {
  machine = await bootMachine();
});

afterAll(async () => {
  await machine?.remove();
});

test("cloud-init runs the user-data, and without a release the agent says so", async () => {
  expect(await report("no-release")).toMatchObject({
    instance: instanceId,
    zone: "eu-central-1a",
    colour: "blue",
    release: null,
    digest: null,
    restarts: 0,
  });
  await expect
    .poll(async () => (await machine.exec("cloud-init", "status")).stdout, patience)
    .toBe("status: done\n");
  expect(await systemctl("is-system-running")).toBe("running\n");
});

test("what the boot script said is in CloudWatch, and the machine does not update itself", async () => {
  await expect.poll(machine.logs, patience).toContainEqual(containing("the agent takes over"));
  const units = ["apt-daily", "apt-daily-upgrade"].flatMap((name) => [
    `${name}.timer`,
    `${name}.service`,
  ]);
  const enabled = await systemctl("is-enabled", ...units, "unattended-upgrades.service");
  expect(enabled).toBe("masked\n".repeat(5));
  // needrestart evaluates the file as Perl, and takes the first expression that fits a unit's name.
  const perl =
    "do '/etc/needrestart/conf.d/infer-deploy.conf'; die $@ if $@; my ($spared) = %{$nrconf{override_rc}};" +
    "print join ' ', grep { /$spared/ } qw(infer-deploy-app.service docker.service containerd.service ssh.service)";
  expect(await machine.exec("perl", "-e", perl)).toMatchObject({
    stdout: "infer-deploy-app.service docker.service containerd.service",
    stderr: "",
  });
  expect((await machine.exec("docker", "info", "--format", "{{.LiveRestoreEnabled}}")).stdout).toBe(
    "true\n",
  );
});

test("an image that is not in the registry is named", async () => {
  await machine.release(1, "healthy", { image: `cloud:5001/app@sha256:${"0".repeat(64)}` });
  expect(await report("image-missing", 1)).toMatchObject({
    detail: containing("manifest unknown"),
  });
});

test("a registry that refuses is named", async () => {
  await machine.release(2, "healthy", { image: `cloud:5001/forbidden@sha256:${"0".repeat(64)}` });
  // The state pull-denied follows a minute later, because a new role's permissions take a while to spread.
  await expect
    .poll(async () => lastReport(), patience)
    .toMatchObject({ release: 2, state: "pulling", detail: containing("denied") });
});

test("a healthy release runs locked in, with its environment and its logs outside", async () => {
  await machine.refuse({
    target: "AmazonSSM.GetParameter",
    times: 2,
    status: 400,
    code: "ThrottlingException",
  });
  await machine.release(3, "healthy");
  expect(await report("healthy", 3)).toMatchObject({
    version: "v3",
    exit_code: null,
    log_tail: ["mode healthy"],
  });
  const environment = (await inContainer("env")).stdout;
  expect(environment).toContain("AWKWARD=$(id) 'quoted'\nsecond line\n");
  expect(environment).toContain(
    `INFER_DEPLOY_VERSION=v3\nINFER_DEPLOY_RELEASE=3\nINFER_DEPLOY_INSTANCE=${instanceId}\n`,
  );
  expect((await inContainer("id", "-u")).stdout).toBe("1000\n");
  expect((await inContainer("touch", "/file")).stderr).toContain("Read-only file system");
  expect((await inContainer("grep", "-E", "CapBnd|NoNewPrivs", "/proc/self/status")).stdout).toBe(
    "CapBnd:\t0000000000000000\nNoNewPrivs:\t1\n",
  );
  await expect.poll(machine.logs, patience).toContain("mode healthy");
});

test("the agent killed and started again leaves the container alone", async () => {
  const before = await containerId();
  await systemctl("kill", "--signal=KILL", "infer-deploy-agent");
  await expect
    .poll(
      () => systemctl("show", "--value", "--property=NRestarts", "infer-deploy-agent"),
      patience,
    )
    .toBe("1\n");
  await machine.nudge();
  expect(await containerId()).toBe(before);
});

test("a restart of Docker does not touch the container", async () => {
  const before = await containerId();
  await systemctl("restart", "containerd", "docker");
  // Long enough for the agent to look at it three times.
  await delay(5000);
  expect(await containerId()).toBe(before);
  expect(await lastReport()).toMatchObject({ state: "healthy", release: 3, restarts: 0 });
  expect(await systemctl("is-active", "infer-deploy-app")).toBe("active\n");
});

test("a container that is killed comes back", async () => {
  await machine.exec("docker", "kill", "infer-deploy-app");
  await expect
    .poll(async () => lastReport(), patience)
    .toMatchObject({ state: "healthy", exit_code: 137, restarts: 1 });
});

test("a release that cannot start is named with its exit code and its last lines", async () => {
  await machine.release(4, "crashing");
  expect(await report("crashed", 4)).toMatchObject({
    exit_code: 3,
    restarts: 1,
    log_tail: ["mode crashing", "no weights found"],
  });
  await expect.poll(async () => (await lastReport())?.restarts, patience).toBeGreaterThan(2);
});

test("a crash at a limit of the container names the limit and the path", async () => {
  await machine.release(7, "confined");
  expect(await report("crashed", 7)).toMatchObject({
    detail: containing(
      "could not use /.cache: the image's files cannot be changed. Add /.cache to container.writable",
    ),
  });
});

test("too little memory is distinguished from a crash", async () => {
  await machine.release(5, "hungry");
  expect(await report("out-of-memory", 5)).toMatchObject({
    exit_code: 137,
    detail: containing("64 MB"),
  });
});

test("a port that is not the configured one is explained when the time is over", async () => {
  await machine.release(6, "elsewhere");
  expect(await report("unhealthy", 6)).toMatchObject({
    detail: `Not healthy within 8 s. Nothing answers on port 8080. The container listens on port 9999 instead.`,
  });
});

test.each([
  [20, "loopback", "listens on port 8080 of 127.0.0.1 only; it must listen on 0.0.0.0."],
  [21, "exposed", "listens on port 3000 instead, which its image exposes: set image.port to it."],
  [22, "nowhere", "GET /healthz on port 8080 answered 404. Set health.path to"],
])(
  "what waiting cannot fix is reported long before the time is over: release %i, %s",
  async (release, mode, words) => {
    await machine.release(release, mode, { health: { timeout_seconds: 3600 } });
    expect(await report("unhealthy", release)).toMatchObject({ detail: containing(words) });
  },
);

test("health that is lost is seen, with what the path answered", async () => {
  await machine.release(8, "fading");
  await report("healthy", 8);
  expect(await report("unhealthy", 8)).toMatchObject({
    detail: "GET /healthz on port 8080 answered 404.",
    restarts: 0,
  });
});

test("an update in place is taken in Standby, when requests in flight have had their time", async () => {
  await machine.lifecycle("InService");
  await machine.release(30, "healthy");
  await report("healthy", 30);
  const before = await containerId();
  const health = { drain_seconds: 6 };
  await machine.release(31, "healthy", {
    hints: { update: "in-standby", poll_seconds: 3600 },
    health,
  });
  await delay(3000);
  expect(await containerId()).toBe(before);
  await machine.lifecycle("Standby");
  await report("healthy", 31);
  expect(await containerId()).not.toBe(before);
  const states = (await machine.reports()).filter(({ release }) => release === 31);
  expect(states.map(({ detail }) => detail)).toContainEqual(containing("requests in flight"));
  // How often a state is reported depends on how long it lasts.
  expect([...new Set(states.map(({ state }) => state))]).toEqual([
    "pulling",
    "starting",
    "healthy",
  ]);
});

test("an instance that goes into Standby looks at the pointer, however long it would else have waited", async () => {
  await machine.lifecycle("InService");
  // It looks every two seconds whether it is in Standby; a busy machine takes its time.
  await delay(6000);
  await machine.release(32, "healthy", { hints: { update: "in-standby" }, nudge: false });
  await machine.lifecycle("Standby");
  await report("healthy", 32);
});

/** vitest's matcher is typed as any. */
function containing(text: string): unknown {
  return expect.stringContaining(text);
}

/** The first report of a state for a release, waited for. */
async function report(
  state: AgentState["state"],
  release: number | null = null,
): Promise<AgentState | undefined> {
  const isWanted = (one: AgentState) => one.state === state && one.release === release;
  let reports: readonly AgentState[] = [];
  await expect
    .poll(async () => {
      reports = await machine.reports();
      return reports.find(isWanted) ?? reports.at(-1);
    }, patience)
    .toMatchObject({ state, release });
  return reports.find(isWanted);
}

async function lastReport(): Promise<AgentState | undefined> {
  return (await machine.reports()).at(-1);
}

function inContainer(...command: string[]) {
  return machine.exec("docker", "exec", "infer-deploy-app", "busybox", ...command);
}

async function systemctl(...args: string[]): Promise<string> {
  return (await machine.exec("systemctl", ...args)).stdout;
}

async function containerId(): Promise<string> {
  return (await machine.exec("docker", "ps", "--quiet", "--no-trunc")).stdout;
}

const patience = { timeout: 60_000, interval: 250 };
