import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse } from "yaml";
import { repository, type CliResult } from "../test/_helpers/cli.ts";
import { failedSamples, startLoad } from "../test/_helpers/load.ts";
import { contextFor, createProject } from "../test/_helpers/project.ts";
import { openStack } from "../test/_helpers/stack-inside.ts";
import { drawGraphs } from "./dashboard/draw.ts";
import { readGraphs } from "./dashboard/read-graphs.ts";

/**
 * Draws the dashboard of examples/dashboard from what the local region has measured while a canary release moved its traffic:
 * `npm run bench:dashboard`. It takes about ten minutes and writes docs/images/dashboard.svg.
 */
const place = { name: "dashboard", region: "eu-central-1" };
const project = await createProject("picture");
try {
  await configure({});
  const up = good(
    await project.run("up", "--yes", "--json", ...(await project.buildArgs())),
  ).stdout;
  const { url } = JSON.parse(up) as { url: string };
  const since = Date.now();
  const load = startLoad(async () => ({ status: (await fetch(`${url}/?word`)).status }), 4);
  // What a visitor of a wrong page gets.
  const wrong = startLoad(async () => ({ status: (await fetch(`${url}/other`)).status }), 0.2);
  await delay(180_000);
  await configure({ env: { A: "1" } });
  good(await project.run("release", ...(await project.buildArgs())));
  await delay(120_000);
  const failed = failedSamples(await load.stop()).length;
  await wrong.stop();
  const watch = await (await openStack(project, place)).aws.cloudWatch();
  const graphs = await readGraphs(watch, "dashboard-production", { since, until: Date.now() });
  const file = join(repository, "docs", "images", "dashboard.svg");
  await writeFile(file, await drawGraphs(graphs));
  console.log(`${file}, from a run in which ${failed} requests failed`);
} finally {
  await project.run("destroy", "--yes");
  await project.remove();
}

async function configure(changes: object): Promise<void> {
  const file = join(repository, "examples", "dashboard", "infer-deploy.yml");
  await project.configure({
    ...(parse(await readFile(file, "utf8")) as object),
    image: { context: contextFor(project, "examples/dashboard"), port: 8000 },
    instances: { min: 2, max: 4 },
    health: { path: "/healthz", timeout: "10s", interval: "5s", drain: "5s" },
    alarms: { p99: "20s" },
    release: { strategy: "canary", canary: { weight: 25, bake: "2m" }, bake: "1m" },
    protection: false,
    environments: { production: {} },
    ...changes,
  });
}

function good(end: CliResult): CliResult {
  if (end.exitCode !== 0) throw new Error(end.stderr);
  return end;
}
