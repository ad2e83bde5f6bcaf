import { afterAll, beforeAll, expect, test } from "vitest";
import { deniedCalls } from "../../_helpers/denied-calls.ts";
import { failedSamples, startLoad, versionsOf, type Load } from "../../_helpers/load.ts";
import { healthyStatus, oneMachine } from "../../_helpers/one-machine.ts";
import { createProject, type Project } from "../../_helpers/project.ts";
import { ttlFetch } from "../../_helpers/ttl-client.ts";

/**
 * examples/one-machine becomes a fleet, and one machine again, under load. The client keeps an address for the record's TTL, and its
 * connections for as long as it may.
 */
const stack = { name: "grows", region: "eu-central-1" };
const url = "https://api.example.com/";

let project: Project;
let ask: typeof fetch;
let example: Record<string, object>;

beforeAll(async () => {
  project = await createProject(stack.name);
  example = {
    ...(await oneMachine(project, "production")),
    name: stack.name as unknown as object,
    health: { drain: "10s" },
    release: { bake: "5s", probe: { path: "/" } },
  };
  await configure({});
  const up = ["up", "--yes", "--version", "v1", ...(await project.buildArgs())] as const;
  await project.succeed(...up);
  ask = await ttlFetch(project.env, project.sandbox);
});

afterAll(async () => {
  await project.remove();
});

test("one machine becomes a fleet: no request is lost, and the name keeps answering", async () => {
  const load = underLoad();
  await configure({ topology: "fleet" });
  await project.succeed("up", "--yes");
  await judge(load);
  const { instances, active } = await healthyStatus(project);
  expect([instances.length, active?.version]).toEqual([2, "v1"]);
  await project.succeed("plan", "--detailed-exitcode");
});

test("the fleet gets a release and a rollback as any other", async () => {
  const load = underLoad();
  await configure({ topology: "fleet", env: { GREETING: "v2" } });
  await project.succeed("release", "--version", "v2", ...(await project.buildArgs()));
  await project.succeed("rollback", "--yes");
  await judge(load, ["v1", "v2"]);
});

test("the fleet becomes one machine again: no request is lost", async () => {
  const load = underLoad();
  await configure({});
  await project.succeed("up", "--yes");
  await judge(load);
  const { instances } = await healthyStatus(project);
  expect(instances.map(({ id }) => id)).toEqual([expect.stringMatching(/^i-\w+-(?:blue|green)$/)]);
  await project.succeed("plan", "--detailed-exitcode");
});

test("destroy leaves nothing, and the policies allow each call", async () => {
  const end = await project.succeed("destroy", "--yes", "--json");
  expect(JSON.parse(end.stdout)).toMatchObject({ left: 0 });
  expect((await deniedCalls(project, stack, "machine")).denied).toEqual([]);
});

function underLoad(): Load {
  return startLoad(async () => {
    const answer = await ask(url);
    return { status: answer.status, version: (await answer.text()).trim() };
  }, 20);
}

/** All that was asked since, and for a few seconds more, has a good answer. */
async function judge(load: Load, versions: readonly string[] = ["v1"]): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 5000);
  });
  const samples = await load.stop();
  process.stderr.write(`${samples.length} requests, ${failedSamples(samples).length} failed\n`);
  expect(failedSamples(samples)).toEqual([]);
  expect(versionsOf(samples)).toEqual(versions);
  expect(samples.length).toBeGreaterThan(500);
}

async function configure(changes: object): Promise<void> {
  await project.configure({
    ...example,
    protection: false,
    env: { GREETING: "v1" },
    ...changes,
  });
}
