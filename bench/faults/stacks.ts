import { cp } from "node:fs/promises";
import { join } from "node:path";
import { readSandboxState, sandboxFolder } from "../../sandbox/src/client/state-file.ts";
import { repository, runCli } from "../../test/_helpers/cli.ts";
import { createProject, type Project } from "../../test/_helpers/project.ts";
import { startCli, type CliEnd } from "../../test/_helpers/running-cli.ts";
import { held, type BoundRow } from "../groups.ts";
import { leftOver } from "./left-over.ts";
import { destroyFaults, upFaults, type StackFault } from "./stack-faults.ts";
import { setWeather } from "./weather.ts";

/** Every fault of `up` on an empty region, and after each a `destroy`, with one of its faults as long as there are some. */
export async function stacks(wanted: (fault: string) => boolean): Promise<readonly BoundRow[]> {
  const project = await createProject(region.name);
  try {
    await cp(join(repository, "examples", "python-http"), join(project.folder, "app"), {
      recursive: true,
    });
    await project.configure(region);
    await runCli(["sandbox", "start", "--name", project.sandbox], {
      cwd: project.folder,
      env: project.env,
    });
    const ups = upFaults.filter(({ fault }) => wanted(fault));
    const destroys = destroyFaults.filter(({ fault }) => wanted(fault));
    const rows: BoundRow[] = [];
    for (let turn = 0; turn < Math.max(ups.length, destroys.length); turn += 1) {
      rows.push(...(await makeAndRemove(project, ups[turn], destroys[turn])));
    }
    return rows;
  } finally {
    await project.remove();
  }
}

async function makeAndRemove(
  project: Project,
  up: StackFault | undefined,
  destroy: StackFault | undefined,
): Promise<readonly BoundRow[]> {
  const build = await project.buildArgs();
  const made = await measure(project, ["up", "--yes", ...build], up ?? fair);
  const removed = await measure(project, ["destroy", "--yes"], destroy ?? fair);
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error(`the sandbox ${project.sandbox} does not run`);
  const left = await leftOver(state, region.region);
  const rows = [
    ...(up === undefined ? [] : [row("up", up, made, [])]),
    row("destroy", destroy ?? fair, removed, left),
  ];
  for (const one of rows) process.stderr.write(`${JSON.stringify(one)}\n`);
  if (left.length > 0) {
    await runCli(["sandbox", "reset", "--name", project.sandbox], {
      cwd: project.folder,
      env: project.env,
    });
  }
  return rows;
}

interface Measured {
  readonly end: CliEnd;
  /** The same command again, when the weather has cleared; undefined when the first one succeeded. */
  readonly again: CliEnd | undefined;
}

async function measure(
  project: Project,
  args: readonly string[],
  { weather, from, inject }: StackFault,
): Promise<Measured> {
  if (from === undefined && weather !== undefined) await setWeather(project, weather);
  const run = () =>
    startCli([...args, "--sandbox", project.sandbox], { cwd: project.folder, env: project.env });
  const cli = run();
  if (from !== undefined) {
    const came = await cli.waitFor(from).catch(() => undefined);
    if (came !== undefined && weather !== undefined) await setWeather(project, weather);
  }
  await inject?.(cli);
  const end = await cli.ended;
  await setWeather(project, "none");
  return { end, again: end.exitCode === 0 ? undefined : await run().ended };
}

function row(
  at: string,
  { fault, exit, cause }: StackFault,
  { end, again }: Measured,
  left: readonly string[],
): BoundRow {
  const problems = [
    ...(exit.includes(end.exitCode) ? [] : [`exit ${end.exitCode}`]),
    ...(cause?.test(end.stderr) === false ? ["the cause is not named"] : []),
    ...(again === undefined || again.exitCode === 0 ? [] : [`again: exit ${again.exitCode}`]),
    ...(left.length === 0 ? [] : [`left: ${left.join(" ")}`]),
  ];
  if (problems.length > 0) process.stderr.write(`${end.stderr}\n${again?.stderr ?? ""}\n`);
  return {
    fault,
    at,
    exit: end.exitCode,
    seconds: (end.ended - end.started) / 1000,
    told: [...end.stderr.matchAll(/^✖ (.*)$/gm)].at(-1)?.[1] ?? "",
    next: /^ {2}next: +(.*)$/m.exec(end.stderr)?.[1] ?? "",
    "left over": problems.join("; ") || "nothing",
    ...held(`exit ${exit.join(" or ")}, then the same command succeeds`, problems.length === 0),
  };
}

const fair: StackFault = { fault: "none", exit: [0] };

const region = {
  name: "bench-faults",
  protection: false,
  region: "eu-west-1",
  image: { context: "app", port: 8000 },
  instances: { type: "t3.micro", min: 1, max: 2 },
};
