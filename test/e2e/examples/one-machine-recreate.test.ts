import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandboxFetch } from "../../../sandbox/src/client/sandbox-fetch.ts";
import type { CliResult } from "../../_helpers/cli.ts";
import { startLoad, type Sample } from "../../_helpers/load.ts";
import { oneMachine } from "../../_helpers/one-machine.ts";
import { createProject, type Project } from "../../_helpers/project.ts";

/** examples/one-machine without a domain, with a container that fits once. */
let project: Project;
let ask: typeof fetch;
let url: string;
let example: Readonly<Record<string, object>>;

beforeAll(async () => {
  project = await createProject("one-machine-recreate");
  ask = createSandboxFetch(project.env, project.sandbox, "name");
  example = {
    ...(await oneMachine(project, "trial")),
    instances: { type: "t3.small", memory: 1200 },
  };
  await project.runSandbox("start");
  await greet("v1");
});

afterAll(async () => {
  await project.remove();
});

test("a container that fits once is refused with blue-green, and recreate is a way out", async () => {
  await greet("v1", { strategy: "blue-green" });
  const end = await project.run("plan");
  expect(end.exitCode, end.stderr).toBe(64);
  expect(end.stderr).toContain("Two containers of 1200 MB do not fit on a t3.small.");
  expect(end.stderr).toContain("release.strategy to recreate");
  await greet("v1");
  const plan = await project.succeed("plan");
  expect(plan.stderr).toContain("with the strategy recreate nothing serves");
});

test("a release by recreate answers 503 with Retry-After in between, and nothing else", async () => {
  const up = await project.succeed(
    "up",
    "--yes",
    "--json",
    "--version",
    "v1",
    ...(await project.buildArgs()),
  );
  ({ url } = JSON.parse(up.stdout) as { readonly url: string });
  await greet("v2");
  const load = startLoad(look, 20);
  const end = await project.succeed("release", "--version", "v2", ...(await project.buildArgs()));
  const samples = await load.stop();
  expect(end.stderr).toContain("with the strategy recreate nothing serves");
  report("release", end, samples);
  expect(phases(samples)).toEqual(["v1", "503", "v2"]);
});

test("a version that crashes is replaced by the old one, which starts again", async () => {
  const folder = join(project.folder, "broken");
  await mkdir(folder);
  await writeFile(
    join(folder, "Dockerfile"),
    'ARG PYTHON_IMAGE\nFROM ${PYTHON_IMAGE}\nCMD ["python3", "-c", "raise SystemExit(3)"]\n',
  );
  await greet("v3", {}, { image: { context: "broken", port: 8000 } });
  const load = startLoad(look, 20);
  const end = await project.run("release", "--version", "v3", ...(await project.buildArgs()));
  const samples = await load.stop();
  expect(end.exitCode, end.stderr).toBe(3);
  expect(end.stderr).toMatch(/v3 was rolled back: the container crashes/);
  report("way back", end, samples);
  expect(phases(samples)).toEqual(["v2", "503", "v2"]);
});

test("a rollback is one by recreate, too", async () => {
  const load = startLoad(look, 20);
  const end = await project.succeed("rollback", "--yes");
  report("rollback", end, await load.stop());
  expect((await look()).version).toBe("v1");
});

test("destroy leaves nothing", async () => {
  const end = await project.succeed("destroy", "--yes", "--json");
  expect(JSON.parse(end.stdout)).toMatchObject({ left: 0 });
});

async function greet(version: string, release: object = {}, changes: object = {}): Promise<void> {
  await project.configure({
    ...example,
    protection: false,
    env: { GREETING: version },
    release: { strategy: "recreate", bake: "5s", probe: { path: "/" }, ...release },
    ...changes,
  });
}

async function look(): Promise<Pick<Sample, "status" | "version">> {
  const answer = await ask(url);
  const text = (await answer.text()).trim();
  if (answer.status !== 503) return { status: answer.status, version: text };
  // Caddy's own 503 of a machine without a release has no such header.
  return { status: answer.headers.get("retry-after") === "10" ? 503 : 0, version: "503" };
}

/** What users got, one after the other. A failed request is its status. */
function phases(samples: readonly Sample[]): readonly string[] {
  const seen = samples.map(({ status, version }) =>
    status === 200 ? String(version) : String(status),
  );
  return seen.filter((one, index) => one !== seen[index - 1]);
}

function report(what: string, { stderr }: CliResult, samples: readonly Sample[]): void {
  const [told] = /users got 503 for [\d.]+ s/.exec(stderr) ?? [];
  expect(told).toBeDefined();
  const without = samples.filter(({ status }) => status !== 200).length;
  process.stderr.write(`${what}: ${told}; ${without} of ${samples.length} requests\n`);
}
