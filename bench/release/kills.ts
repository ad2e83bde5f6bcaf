import { setTimeout as sleep } from "node:timers/promises";
import { sandboxEnvironment } from "../../sandbox/src/client/sandbox-environment.ts";
import { failedSamples } from "../../test/_helpers/load.ts";
import { startCli, type RunningCli } from "../../test/_helpers/running-cli.ts";
import { held, type BoundRow } from "../groups.ts";
import { findProblems } from "./good-state.ts";
import {
  blueGreen,
  momentsOf,
  rolling,
  warmRollback,
  wayBack,
  type Moment,
  type Script,
} from "./kill-scripts.ts";
import { openJournalProxy, type JournalProxy } from "./journal-proxy.ts";
import { requestsPerSecond, stackName, type Options, type World } from "./world.ts";

/** `kill -9` at every step of a blue-green release, three times each. */
export async function kills(world: World, options: Options): Promise<readonly BoundRow[]> {
  return killAll(world, options, blueGreen);
}

/** The same on the way back of one that was interrupted. */
export async function killsBack(world: World, options: Options): Promise<readonly BoundRow[]> {
  return killAll(world, options, wayBack);
}

/** The same for a rollback to a version that still runs. */
export async function killsRollback(world: World, options: Options): Promise<readonly BoundRow[]> {
  return killAll(world, options, warmRollback);
}

/** The same for a rolling one. */
export async function killsRolling(world: World, options: Options): Promise<readonly BoundRow[]> {
  return killAll(world, options, rolling);
}

async function killAll(
  world: World,
  { steps }: Options,
  script: Script,
): Promise<readonly BoundRow[]> {
  const proxy = await openJournalProxy(world.inside.region.endpoint);
  try {
    const versions = [world.newVersion(), world.newVersion(), world.newVersion()];
    for (const version of versions) await world.push(version);
    const rows: BoundRow[] = [];
    for (const [step, moment] of momentsOf(script)) {
      if (steps === undefined || steps.includes(step)) {
        // A completed rollback needs no other one: that would go back one more version.
        const isTakenBack = script.turnsBackAt !== undefined && moment === "after it is closed";
        const recovery = rows.length % 2 === 0 && !isTakenBack ? "rollback" : "release";
        const row = await killOnce(world, proxy, script, { step, moment, recovery, versions });
        process.stderr.write(`${JSON.stringify(row)}\n`);
        rows.push(row);
      }
    }
    return rows;
  } finally {
    await proxy.close();
  }
}

interface Kill {
  readonly step: string;
  readonly moment: Moment;
  readonly recovery: "rollback" | "release";
  /** Versions in the registry. */
  readonly versions: readonly string[];
}

async function killOnce(
  world: World,
  proxy: JournalProxy,
  script: Script,
  { step, moment, recovery, versions }: Kill,
): Promise<BoundRow> {
  const { app } = world;
  await world.quiet();
  const first = await world.servingVersion();
  const [killed = "", other = ""] = versions.filter((version) => version !== first);
  if (script.needsWarm === true) {
    const end = await app.release(killed, { args: ["--no-build", "--bake", "0s"] });
    if (end.exitCode !== 0) throw new Error(end.stderr);
  }
  const load = app.load(requestsPerSecond);
  const cli = startCli([...script.args(killed), "--skip-hooks"], {
    cwd: app.project.folder,
    env: {
      ...app.project.env,
      ...sandboxEnvironment(
        { ...world.inside.region, endpoint: proxy.endpoint },
        stackName.region,
        process.env,
      ),
    },
  });
  const isHit = killAt(proxy, cli, { step, moment, turnsBackAt: script.turnsBackAt });
  const end = await cli.ended;
  const wasHit = isHit();
  const args = recovery === "rollback" ? [] : ["--version", other, "--no-build", "--bake", "0s"];
  const repaired = await app.run(recovery, "--yes", ...args);
  const samples = await load.stop();
  // A rollback undoes the killed release, however far it got, and finishes the killed rollback.
  const expected = recovery === "release" ? other : first;
  const failed = failedSamples(samples).length;
  const problems = [
    ...(wasHit ? [] : [`it was not killed, and ended with ${end.exitCode}`]),
    ...(repaired.exitCode === 0 ? [] : [`${recovery} ended with ${repaired.exitCode}`]),
    ...(failed === 0 ? [] : [`${failed} of ${samples.length} answers were not 2xx`]),
    ...(await findProblems(world, expected)),
  ];
  if (problems.length > 0) process.stderr.write(`${end.stderr}\n${repaired.stderr}\n`);
  return {
    case: `${step}, ${moment}`,
    "repaired by": `${recovery} --yes`,
    serves: expected,
    "repaired in, s": (repaired.ended - repaired.started) / 1000,
    problems: problems.join("; ") || "none",
    ...held("a good state, 0 non-2xx", problems.length === 0),
  };
}

interface Trap {
  readonly step: string;
  readonly moment: Moment;
  readonly turnsBackAt: string | undefined;
}

/** Sets the trap; the returned function says whether the process ran into it. */
function killAt(
  proxy: JournalProxy,
  cli: RunningCli,
  { step, moment, turnsBackAt }: Trap,
): () => boolean {
  let isHit = false;
  const kill = (): void => {
    isHit = true;
    cli.kill("SIGKILL");
  };
  const isClosing = moment.endsWith("closed");
  const phase = moment.endsWith("begun") || moment === "a moment in" ? "begun" : "done";
  proxy.onHeld(kill);
  proxy.onWrite((write) => {
    if (isHit) return "drop";
    if (write.step === turnsBackAt && write.phase === "begun") cli.kill("SIGINT");
    if (write.step !== step || write.phase !== phase) return "pass";
    if ((write.outcome !== null) !== isClosing) return "pass";
    if (moment === "a moment in") {
      void sleep(momentMilliseconds).then(kill);
      return "pass";
    }
    if (moment.startsWith("after")) return "hold";
    kill();
    return "drop";
  });
  return () => isHit;
}

/** The shortest waiting step, in which a warm rollback checks the address, lasts three times as long. */
const momentMilliseconds = 100;
