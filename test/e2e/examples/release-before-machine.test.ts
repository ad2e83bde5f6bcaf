import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { createSandboxFetch } from "../../../sandbox/src/client/sandbox-fetch.ts";
import { repository, type CliResult } from "../../_helpers/cli.ts";
import { startLoad, type Sample } from "../../_helpers/load.ts";
import { documents } from "../../_helpers/look-app.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { eventually } from "../../_helpers/sandbox-home.ts";

/** examples/one-machine with a command before each release, next to a container that fits once. */
let project: Project;
let ask: typeof fetch;
let url: string;
let example: Readonly<Record<string, object>>;

const script =
  'echo "migrates for $INFER_DEPLOY_VERSION"; test "$INFER_DEPLOY_VERSION" != bad || exit 3';

beforeAll(async () => {
  project = await createProject("release-before-machine");
  ask = createSandboxFetch(project.env, project.sandbox, "name");
  const file = join(repository, "examples", "one-machine", "infer-deploy.yml");
  const { environments: _, ...config } = parse(await readFile(file, "utf8")) as Record<
    string,
    object
  >;
  example = {
    ...config,
    instances: { type: "t3.small", memory: 1200 },
    image: { ...config["image"], context: contextFor(project, "test/stream-app") },
  };
  await greet("v1");
});

afterAll(async () => {
  await project?.remove();
});

test("the first release of one machine runs the command", async () => {
  const up = await run("up", "--yes", "--json", "--version", "v1");
  expect(up.exitCode, up.stderr).toBe(0);
  ({ url } = JSON.parse(up.stdout) as { readonly url: string });
  expect(await runsFor("v1")).toHaveLength(1);
});

test("with recreate a command that fails ends the release while the old version serves", async () => {
  await greet("bad");
  const { end, seen } = await underLoad("bad");
  expect(end.exitCode, end.stderr).toBe(3);
  expect(end.stderr).toContain("bad was rolled back: release.before exited with code 3");
  expect(seen).toEqual(["v1"]);
  expect(await runsFor("bad")).toHaveLength(1);
});

test("with recreate one that succeeds runs before the old version stops", async () => {
  await greet("v2");
  const { end, seen } = await underLoad("v2");
  expect(end.exitCode, end.stderr).toBe(0);
  expect(seen).toEqual(["v1", "503", "v2"]);
  expect(await runsFor("v2")).toHaveLength(1);
});

async function greet(version: string): Promise<void> {
  await project.configure({
    ...example,
    protection: false,
    env: { GREETING: version },
    release: {
      strategy: "recreate",
      bake: "5s",
      probe: { path: "/" },
      before: { command: ["sh", "-c", script] },
    },
  });
}

/** Releases the version, and resolves to what users got meanwhile, one after the other. */
async function underLoad(
  version: string,
): Promise<{ readonly end: CliResult; readonly seen: readonly string[] }> {
  const load = startLoad(look, 20);
  const end = await run("release", "--version", version);
  const seen = (await load.stop()).map((sample) =>
    sample.status === 200 ? String(sample.version) : String(sample.status),
  );
  return { end, seen: seen.filter((one, index) => one !== seen[index - 1]) };
}

async function look(): Promise<Pick<Sample, "status" | "version">> {
  const answer = await ask(url);
  const text = (await answer.text()).trim();
  return { status: answer.status, version: text };
}

async function run(verb: string, ...args: readonly string[]): Promise<CliResult> {
  return project.run(verb, ...args, ...(await project.buildArgs()));
}

async function runsFor(version: string) {
  return eventually(
    async () => {
      const end = await project.run("logs", "--json", "--grep", `^migrates for ${version}$`);
      expect(end.exitCode, end.stderr).toBe(0);
      return documents(end.stdout);
    },
    (lines) => lines.length > 0,
  );
}
