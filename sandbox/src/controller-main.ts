import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRun } from "../../src/process/programs/execa-run.ts";
import { watchContainers } from "./controller/containers-watch.ts";
import { openLog } from "./controller/controller-log.ts";
import { createCycle } from "./controller/cycle.ts";
import { MatchBuffer } from "./controller/firewall/match-buffer.ts";
import { followRequests } from "./controller/metrics/follow-requests.ts";
import { SampleStore } from "./controller/metrics/samples.ts";
import { createChores } from "./controller/chores.ts";
import { createReportWriter } from "./controller/write-report.ts";
import { connectEmulator } from "./controller/emulator.ts";
import { serveSessions } from "./controller/sessions/serve-sessions.ts";
import { createCyclePause } from "./controller/cycle-pause.ts";
import { readSandboxState } from "./client/state-file.ts";

/** The controller's process: `node controller-main.js STATE_FOLDER`. It ends when its sandbox does. */
async function main(folder: string): Promise<void> {
  const state = await readSandboxState(folder);
  if (state === undefined) throw new Error(`no sandbox in ${folder}`);
  const log = openLog(folder);
  const stopping = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    process.on(signal, () => stopping.abort());
  // A background process has no terminal: log the failure and continue with the next cycle.
  process.on("unhandledRejection", (reason) => log.error("unhandled", reason));
  await writeFile(join(folder, "controller.pid"), String(process.pid));
  log.info("controller started", { pid: process.pid, node: process.version });

  const run = createRun();
  const store = new SampleStore();
  const matches = new MatchBuffer();
  const chores = createChores(log, Date.now);
  const pause = createCyclePause();
  stopping.signal.addEventListener("abort", pause.wake);
  const watch = watchContainers(run, state.name, pause.wake, stopping.signal);
  followRequests(state.name, { store, matches }, stopping.signal);
  const { session } = connectEmulator(state);
  const sessionPort = await serveSessions(
    { sandbox: state.name, find: session, log, now: Date.now },
    stopping.signal,
  );
  const deps = { run, log, folder, watch, store, matches, chores, sessionPort, now: Date.now };
  const cycle = createCycle(deps, state);
  const report = createReportWriter(folder, chores);

  for (let lonely = 0; !stopping.signal.aborted && lonely < lonelyCycles;) {
    const began = Date.now();
    const current = await readSandboxState(folder);
    if (current === undefined) break;
    const seen = await cycle(current);
    const services =
      seen?.containers.filter((container) => container.instance === null && container.running) ??
      [];
    lonely = services.length === 0 ? lonely + 1 : 0;
    await report();
    await pause.until(began, seen);
  }
  log.info("controller stops", {
    reason: stopping.signal.aborted ? "stop signal" : "its sandbox is gone",
  });
  stopping.abort();
}

// About half a minute, so that the controller survives a restart of the Docker engine.
const lonelyCycles = 75;

await main(process.argv[2] ?? "").then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(1);
  },
);
