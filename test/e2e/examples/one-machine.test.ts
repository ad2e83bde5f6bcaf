import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandboxFetch } from "../../../sandbox/src/client/sandbox-fetch.ts";
import { readDoorReport } from "../../../src/state/reports/door-report.ts";
import { failedSamples, startLoad, versionsOf } from "../../_helpers/load.ts";
import { deniedCalls } from "../../_helpers/denied-calls.ts";
import { healthyStatus, oneMachine } from "../../_helpers/one-machine.ts";
import { createProject, type Project } from "../../_helpers/project.ts";
import { openStackBucket } from "../../_helpers/stack-bucket.ts";

/**
 * examples/one-machine, with its domain and an app that streams. The authority's certificates are valid for minutes, so that they are renewed
 * while the releases run: each request verifies the one that it is shown.
 */
const stack = { name: "one-machine", region: "eu-central-1" };
const url = "https://api.example.com/";

let project: Project;
let ask: typeof fetch;
let example: Record<string, object>;

beforeAll(async () => {
  project = await createProject("one-machine");
  ask = createSandboxFetch(project.env, project.sandbox, "name");
  example = {
    ...(await oneMachine(project, "production")),
    // A stream of three minutes may end on the old container.
    requests: { timeout: "4m" },
    release: {
      keep_previous: "1m",
      bake: "5s",
      canary: { weight: 25, bake: "10s" },
      probe: { path: "/" },
    },
  };
  await project.runSandbox("start", "--weather", "short-certificates=4m");
  await greet("v1");
});

afterAll(async () => {
  await project.remove();
});

test("up ends when the name answers, with a certificate of the authority", async () => {
  const up = await project.succeed(
    "up",
    "--yes",
    "--json",
    "--version",
    "v1",
    ...(await project.buildArgs()),
  );
  expect(JSON.parse(up.stdout)).toMatchObject({
    url: url.slice(0, -1),
    https: true,
    version: "v1",
  });
  const answer = await ask(url);
  expect(await answer.text()).toBe("v1\n");
  expect(answer.headers.get("strict-transport-security")).toBe("max-age=31536000");
  const plain = await ask(url.replace("https:", "http:"), { redirect: "manual" });
  expect([plain.status, plain.headers.get("location")]).toEqual([308, url]);
});

test("status shows the machine, and how long the certificate lasts; a second plan is empty", async () => {
  const { domains, instances } = await healthyStatus(project);
  expect(domains).toMatchObject([
    { name: "api.example.com", record: "own", certificate: { status: "ISSUED" } },
  ]);
  expect(instances.map(({ id }) => id)).toEqual([expect.stringMatching(/^i-\w+-blue$/)]);
  await project.succeed("plan", "--detailed-exitcode");
});

test("a release under 50 requests a second loses none, and its rollback loses none", async () => {
  await greet("v2");
  const load = startLoad(async () => {
    const answer = await ask(url);
    return { status: answer.status, version: (await answer.text()).trim() };
  }, 50);
  await project.succeed(
    "release",
    "--version",
    "v2",
    "--strategy",
    "canary",
    ...(await project.buildArgs()),
  );
  expect((await healthyStatus(project)).active).toMatchObject({ version: "v2", colour: "green" });
  await project.succeed("rollback", "--yes");
  const samples = await load.stop();
  expect(failedSamples(samples)).toEqual([]);
  expect(versionsOf(samples)).toEqual(["v1", "v2"]);
  expect(samples.length).toBeGreaterThan(500);
  expect(await (await ask(url)).text()).toBe("v1\n");
});

test("a stream of three minutes and 50 requests a second outlive a release, its old container and a renewal", async () => {
  const before = await certificate();
  await greet("v4");
  const load = startLoad(async () => {
    const answer = await ask(url);
    return { status: answer.status, version: (await answer.text()).trim() };
  }, 50);
  const stream = ask(`${url}?seconds=180`).then((answer) => answer.text());
  await project.succeed("release", "--version", "v4", ...(await project.buildArgs()));
  // The old container would have been stopped after a minute.
  const lines = (await stream).trim().split("\n");
  expect([lines.length, lines.at(-1)]).toEqual([180, "180"]);
  await expect
    .poll(async () => (await certificate()).serial, { timeout: 120_000, interval: 2000 })
    .not.toBe(before.serial);
  const samples = await load.stop();
  expect(failedSamples(samples)).toEqual([]);
  expect(versionsOf(samples)).toEqual(["v1", "v4"]);
  expect(samples.length).toBeGreaterThan(5000);
  const slots = async () =>
    (await healthyStatus(project)).instances.map(({ id }) => id.replace(/^i-\w+-/, ""));
  await expect.poll(slots, { timeout: 60_000, interval: 2000 }).toEqual(["green"]);
});

test("a version that crashes never gets a request", async () => {
  const folder = join(project.folder, "broken");
  await mkdir(folder);
  await writeFile(
    join(folder, "Dockerfile"),
    'ARG PYTHON_IMAGE\nFROM ${PYTHON_IMAGE}\nCMD ["python3", "-c", "raise SystemExit(3)"]\n',
  );
  await greet("v3", { image: { context: "broken", port: 8000 } });
  const load = startLoad(async () => ({ status: (await ask(url)).status }), 20);
  const end = await project.run("release", "--version", "v3", ...(await project.buildArgs()));
  expect(failedSamples(await load.stop())).toEqual([]);
  expect(end.exitCode, end.stderr).toBe(3);
  expect(end.stderr).toMatch(/crash/);
});

test("maintenance answers 503 with Retry-After, and ends", async () => {
  await project.succeed("maintenance", "on", "--message", "Back at 8.", "--retry-after", "600");
  const answer = await ask(url);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "600"]);
  expect(await answer.json()).toMatchObject({ error: "Back at 8." });
  await project.succeed("maintenance", "off");
  expect((await ask(url)).status).toBe(200);
});

test("a machine that dies is replaced, with the same address and certificate", async () => {
  // Not one that ends while the new machine boots.
  await project.runSandbox("weather", "none");
  await expect
    .poll(async () => daysLeft((await certificate()).ends), { timeout: 300_000, interval: 2000 })
    .toBeGreaterThan(1);
  const before = await certificate();
  await execa("docker", ["kill", `infer-deploy-${project.sandbox}-${before.instance}`]);
  const began = Date.now();
  const answers = async () =>
    ask(url).then(
      ({ status: code }) => code,
      () => 0,
    );
  await expect.poll(answers, { timeout: 60_000, interval: 500 }).toBe(0);
  await expect.poll(answers, { timeout: 400_000, interval: 1000 }).toBe(200);
  process.stderr.write(`no answer for ${Math.round((Date.now() - began) / 1000)} s\n`);
  await expect
    .poll(async () => (await certificate().catch(() => undefined))?.serial, { timeout: 60_000 })
    .toBe(before.serial);
  expect((await certificate()).instance).not.toBe(before.instance);
});

test("destroy leaves nothing, and the policies allow each call", async () => {
  const end = await project.succeed("destroy", "--yes", "--json");
  expect(JSON.parse(end.stdout)).toMatchObject({ left: 0 });
  expect((await deniedCalls(project, stack, "machine")).denied).toEqual([]);
});

async function greet(version: string, changes: object = {}): Promise<void> {
  await project.configure({
    ...example,
    protection: false,
    env: { GREETING: version },
    ...changes,
  });
}

/** What the machine reports of its certificate. */
async function certificate() {
  const { store } = await openStackBucket(project, stack);
  const [instance = ""] = (await healthyStatus(project)).instances.map(({ id }) =>
    id.replace(/-\w+$/, ""),
  );
  const report = await readDoorReport(store, instance);
  if (report === undefined) throw new Error("the machine has not reported yet");
  return { instance, serial: report.certificate?.serial, ends: report.certificate?.not_after };
}

function daysLeft(ends: string | null | undefined): number {
  return (Date.parse(ends ?? "") - Date.now()) / 86_400_000;
}
