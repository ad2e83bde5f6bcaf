import type { Deps } from "../deps.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { onOff } from "../options/kinds.ts";
import { readOptions, type Values } from "../options/read-options.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import type { StatusDocument } from "../views/status/status.ts";
import type { StatusSources } from "../views/status/status-sight.ts";
import { stackFlags, stackOptions, withStack } from "./kinds/stack-verb.ts";
import type { Start, Verb } from "./kinds/verb.ts";

const options = {
  watch: onOff("--watch", "draw it again every two seconds"),
  all: onOff("--all", "every environment of the file, a line for each"),
};

/** Prints the state; exits with 1 when the address is not healthy, so that a script may rely on it. */
export const status: Verb = {
  name: "status",
  summary: "shows versions, weights, instances, alarms and what the address answers",
  options: { ...options, ...stackOptions },
  run: async (start) => {
    const own = readOptions(options, start);
    if (own.all) return showAll(start, own);
    return withStack(start, { needsImage: false }, async (deps, flags, loaded) => {
      const { openStatus } = await import("../target/status/open-status.ts");
      const lookAgain = await openStatus(deps, flags, loaded);
      return showOne(deps, flags, own, lookAgain);
    });
  },
};

async function showOne(
  deps: Deps,
  flags: Pick<GlobalFlags, "json">,
  own: Values<typeof options>,
  lookAgain: () => Promise<StatusSources>,
): Promise<number> {
  const { aborted } = deps.interrupts;
  const isDrawn = own.watch && deps.draws;
  const show = async (sources: StatusSources): Promise<void> =>
    isDrawn ? draw(deps, sources) : print(deps, flags, own, sources.document);
  let seen = await lookAgain();
  await show(seen);
  while (own.watch && deps.isRead() && !aborted.aborted) {
    await deps.clock.sleep(watchMilliseconds, aborted).catch(() => undefined);
    if (!aborted.aborted) {
      seen = await lookAgain();
      await show(seen);
    }
  }
  if (isDrawn) {
    // The last state stays on the screen.
    deps.reporter.notify({ type: "service-left" });
    await print(deps, flags, own, seen.document);
  }
  return seen.document.healthy ? exitCodes.done : exitCodes.failed;
}

/** Ends with the worst of the exit codes that the stacks would have alone. */
async function showAll(start: Start, { watch }: Values<typeof options>): Promise<number> {
  const { config, environment, region } = readOptions(stackOptions, start);
  // A variable may be set for other verbs; what is typed cannot be meant.
  const other = watch ? "--watch" : environment?.origin === "--environment" ? "--environment" : "";
  if (other !== "") {
    throw new CommandError(`--all and ${other} do not go together.`, {
      exitCode: exitCodes.usage,
      next: `leave one of them out: ${other} is for one stack`,
    });
  }
  const { loadEnvironments } = await import("../config/load.ts");
  const stacks = await loadEnvironments({
    asked: { config, region },
    cwd: start.cwd,
    needsImage: false,
  });
  const flags = stackFlags(start);
  const deps = await start.createDeps(flags);
  const { seeAll } = await import("../target/status/see-all.ts");
  const { overviewDocument, overviewExitCode, overviewText } =
    await import("../views/parts/overview.ts");
  const document = overviewDocument(
    stacks[0]?.config.name ?? "",
    await seeAll(deps, flags, stacks),
  );
  deps.out(flags.json ? jsonText(document) : overviewText(document, deps.clock.now(), deps.args));
  return overviewExitCode(document);
}

async function draw({ reporter }: Pick<Deps, "reporter">, seen: StatusSources): Promise<void> {
  const { statusSight } = await import("../views/status/status-sight.ts");
  reporter.notify({ type: "service-seen", sight: statusSight(seen) });
}

async function print(
  deps: Pick<Deps, "args" | "clock" | "out">,
  { json }: Pick<GlobalFlags, "json">,
  { watch }: Values<typeof options>,
  document: StatusDocument,
): Promise<void> {
  const { completeCommands } = await import("../errors/printed-commands.ts");
  const { statusText } = await import("../views/status/status-text.ts");

  deps.out(
    json
      ? // One document a line.
        `${JSON.stringify(document, undefined, watch ? 0 : 2)}\n`
      : completeCommands(statusText(document, deps.clock.now()), deps.args),
  );
}

const watchMilliseconds = 2000;
