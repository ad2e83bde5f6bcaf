import { cp } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readSandboxState, sandboxFolder } from "../../sandbox/src/client/state-file.ts";
import { repository, runCli } from "../../test/_helpers/cli.ts";
import { createProject, type Project } from "../../test/_helpers/project.ts";
import { nextCommands } from "../../test/_helpers/printed-commands.ts";
import { startCli, type CliEnd } from "../../test/_helpers/running-cli.ts";
import { held, type BoundRow } from "../groups.ts";
import { leftOver } from "./left-over.ts";
import { madeStack } from "./made-stack.ts";
import { destroyFaults, upFaults, type StackFault } from "./stack-faults.ts";
import { setWeather } from "./weather.ts";

/** Every fault of `up` on an empty region, and after each a `destroy`, with one of its faults as long as there are some. */
export async function stacks(wanted: (fault: string) => boolean): Promise<readonly BoundRow[]> {
  const project = await createProject(madeStack.name);
  try {
    await cp(join(repository, "examples", "python-http"), join(project.folder, "app"), {
      recursive: true,
    });
    await project.configure(madeStack);
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
  await setWeather(project, "none");
  await project.configure(madeStack);
  const removed = await measure(project, ["destroy", "--yes"], destroy ?? fair);
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error(`the sandbox ${project.sandbox} does not run`);
  const left = await leftOver(state, madeStack.region);
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
  /** What was run until the command succeeded, when the weather had cleared; empty when it succeeded at once. */
  readonly repairs: readonly (CliEnd & { readonly command: string })[];
}

async function measure(
  project: Project,
  args: readonly string[],
  { weather, prepare, from, later = 0, inject, leaves, undo }: StackFault,
): Promise<Measured> {
  await prepare?.(project);
  if (from === undefined && weather !== undefined) await setWeather(project, weather);
  const run = (words: readonly string[]) =>
    startCli([...words, ...(words[0] === "sandbox" ? [] : ["--sandbox", project.sandbox])], {
      cwd: project.folder,
      env: project.env,
    });
  const cli = run(args);
  if (from !== undefined) {
    const came = await cli.waitFor(from).catch(() => undefined);
    await sleep(later);
    if (came !== undefined && weather !== undefined) await setWeather(project, weather);
  }
  await inject?.(cli);
  const end = await cli.ended;
  await setWeather(project, "none");
  await leaves?.(project, end);
  await undo?.(project);
  return { end, repairs: await repair(args, end, async (words) => run(words).ended) };
}

/** Runs what an error's line `next:` names, or else the same command again, until that succeeds. */
async function repair(
  args: readonly string[],
  end: CliEnd,
  run: (words: readonly string[]) => Promise<CliEnd>,
): Promise<Measured["repairs"]> {
  const repairs: (CliEnd & { command: string })[] = [];
  let last = end;
  let isDone = end.exitCode === 0;
  while (!isDone && repairs.length < 4) {
    const printed = last.exitCode === 0 ? undefined : nextCommands(last)[0]?.words;
    const isOther = printed !== undefined && printed[0] !== args[0];
    // The printed command names the sandbox, too, and a person answers its question.
    const words = isOther ? answered(withoutSandbox(printed)) : args;
    last = await run(words);
    // "Wait until it ends": the Terraform of a command that was killed continues.
    for (let waits = 0; /is still running here/.test(last.stderr) && waits < 24; waits += 1) {
      await sleep(5000);
      last = await run(words);
    }
    isDone = last.exitCode === 0 && !isOther;
    repairs.push({ ...last, command: words.filter((word) => !word.startsWith("-")).join(" ") });
  }
  return repairs;
}

function answered(words: readonly string[]): readonly string[] {
  return words[0] === "sandbox" ? words : [...words, "--yes"];
}

function withoutSandbox(words: readonly string[]): readonly string[] {
  const at = words.indexOf("--sandbox");
  return words.filter(
    (word, index) => word !== "--yes" && (at < 0 || index < at || index > at + 1),
  );
}

function row(
  at: string,
  { fault, exit, cause, next, repairs: most = 1 }: StackFault,
  { end, repairs }: Measured,
  left: readonly string[],
): BoundRow {
  const told = [...end.stderr.matchAll(/^✖ (.*)$/gm)].at(-1)?.[1] ?? "";
  const named = /^ {2}next: +(.*)$/m.exec(end.stderr)?.[1] ?? "";
  const again = repairs.at(-1);
  const problems = [
    ...(exit.includes(end.exitCode) ? [] : [`exit ${end.exitCode}`]),
    ...(cause?.test(end.stderr) === false ? ["the cause is not named"] : []),
    ...(next?.test(named) === false ? ["the next step is not named"] : []),
    ...(again === undefined || again.exitCode === 0 ? [] : [`again: exit ${again.exitCode}`]),
    ...(repairs.length <= most ? [] : [`${repairs.length} commands to repair it`]),
    ...(left.length === 0 ? [] : [`left: ${left.join(" ")}`]),
  ];
  if (problems.length > 0) {
    process.stderr.write([end, ...repairs].map(({ stderr }) => `${stderr}\n`).join(""));
  }
  return {
    fault,
    at,
    exit: end.exitCode,
    seconds: (end.ended - end.started) / 1000,
    told,
    next: named,
    repair: repairs.map(({ command }) => command).join(", then "),
    "left over": problems.join("; ") || "nothing",
    ...held(`exit ${exit.join(" or ")}, then the same command succeeds`, problems.length === 0),
  };
}

const fair: StackFault = { fault: "none", exit: [0] };
