import { Option, type Command } from "commander";
import { parseDuration } from "../config/fields/duration.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { MoveFlags } from "../target/flags.ts";
import type { HostClaim } from "../lock/host-claim.ts";
import { buildArgOption, globalFlags, verb, withConfig, type RunVerb } from "./options.ts";

type Options = Readonly<Record<string, unknown>>;

/** The verbs that move traffic, and those that tell of it. */
export function addReleaseVerbs(program: Command, streams: NodeJS.Process, run: RunVerb): void {
  withMoving(verb(program, "release", "builds, pushes and moves traffic to a version"))
    .option("--version <version>", "name of the version (default: from the image's content)")
    .addOption(buildArgOption())
    .option("--no-build", "release an image that the registry has")
    .option("--from-image <image>", "release this digest or tag of the registry; builds nothing")
    .addOption(
      new Option("--strategy <strategy>", "how traffic is moved").choices([
        "blue-green",
        "canary",
        "linear",
        "rolling",
      ]),
    )
    .option("--canary-weight <percent>", "first share of a canary")
    .option("--bake <duration>", "how long the new version is watched with all traffic")
    .option("--timeout <duration>", "after which everything is put back")
    .option("--keep-previous <duration>", "how long the previous version stays warm")
    .option("--force", "release although the serving version is unwell or an alarm is on")
    .option("--dry-run", "say what would happen, step by step, and change nothing")
    .option("--detach", "go on in the background once the release has begun")
    .action(async (options: Options) => {
      const version = text(options, "version");
      const command = `release --version ${version ?? "(from the content)"}`;
      const move = await beginMove(streams, options, command);
      return withConfig(
        run,
        streams,
        options,
        { needsImage: needsImage(options) },
        async (deps, flags, loaded) =>
          (await import("../commands/release.ts")).release(deps, flags, loaded, {
            ...move,
            version,
            buildArgs: options["buildArg"] as Readonly<Record<string, string>>,
            build: options["build"] !== false,
            fromImage: text(options, "fromImage"),
            settings: {
              strategy: text(options, "strategy"),
              canaryWeight: text(options, "canaryWeight"),
              bake: text(options, "bake"),
              timeout: text(options, "timeout"),
              keepPrevious: text(options, "keepPrevious"),
            },
            force: options["force"] === true,
            dryRun: options["dryRun"] === true,
            detach: options["detach"] === true,
          }),
      );
    });

  withMoving(verb(program, "rollback", "goes back to the last good release, or to a kept one"))
    .option("--to <version>", "which version (default: the last good one)")
    .action(async (options: Options) => {
      const to = text(options, "to");
      const command = to === undefined ? "rollback" : `rollback --to ${to}`;
      const move = await beginMove(streams, options, command);
      return withConfig(run, streams, options, { needsImage: false }, async (deps, flags, loaded) =>
        (await import("../commands/rollback.ts")).rollback(deps, flags, loaded, { ...move, to }),
      );
    });

  verb(program, "releases", "the history: version, digest, who, when, outcome")
    .option("--limit <number>", "how many, newest first", "20")
    .action(async (options: Options) =>
      withConfig(run, streams, options, { needsImage: false }, async (deps, flags, loaded) =>
        (await import("../commands/releases.ts")).releases(deps, flags, loaded, {
          limit: wholeNumber("--limit", String(options["limit"])),
        }),
      ),
    );
}

/** `lock status` and `lock release`. */
export function addLockVerbs(program: Command, streams: NodeJS.Process, run: RunVerb): void {
  const lock = program.command("lock").description("the lock of whoever moves traffic");
  for (const [name, summary] of Object.entries(lockVerbs)) {
    verb(lock, name, summary).action(async (options: Options) =>
      withConfig(run, streams, options, { needsImage: false }, async (deps, flags, loaded) =>
        (await import("../commands/lock.ts")).lock(
          deps,
          flags,
          loaded,
          name as keyof typeof lockVerbs,
        ),
      ),
    );
  }
}

function withMoving(command: Command): Command {
  return command
    .option("--message <text>", "why, for the history")
    .option("--skip-hooks", "run none of .infer-deploy/hooks")
    .option("--lock-wait <duration>", "wait so long for the lock when somebody holds it", "0s");
}

/**
 * The options of every verb that moves traffic. Of those of one machine that begin at once, all but one are refused here, with CommandError (5),
 * before they have read or loaded anything.
 */
async function beginMove(
  streams: NodeJS.Process,
  options: Options,
  command: string,
): Promise<MoveFlags> {
  const waitSeconds = lockWait(options);
  // Who waits is refused by nobody; who changes nothing, or leaves it to a process of its own, takes no lock.
  const takesLock = options["dryRun"] !== true && options["detach"] !== true;
  return {
    command,
    claim: takesLock && waitSeconds === 0 ? await claim(streams, options, command) : undefined,
    message: text(options, "message"),
    skipHooks: options["skipHooks"] === true,
    lockWait: waitSeconds,
  };
}

async function claim(
  streams: NodeJS.Process,
  options: Options,
  command: string,
): Promise<HostClaim> {
  const [{ claimHost }, { systemProcesses }] = await Promise.all([
    import("../lock/host-claim.ts"),
    import("../process/processes.ts"),
  ]);
  return claimHost(
    {
      env: streams.env,
      cwd: streams.cwd(),
      now: () => new Date(),
      processes: systemProcesses,
      onExit: (listener) => streams.once("exit", listener),
    },
    globalFlags(options, streams.env),
    command,
  );
}

function needsImage(options: Options): boolean {
  return options["build"] !== false && options["fromImage"] === undefined;
}

function text(options: Options, key: string): string | undefined {
  const value = options[key];
  return typeof value === "string" ? value : undefined;
}

function lockWait(options: Options): number {
  const value = String(options["lockWait"]);
  const seconds = parseDuration(value);
  if (seconds === null) {
    throw usage("--lock-wait", value, "a duration, such as 30s or 5m");
  }
  return seconds;
}

function wholeNumber(flag: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) {
    throw usage(flag, value, "a whole number of at least 1");
  }
  return number;
}

function usage(flag: string, value: string, allowed: string): CommandError {
  return new CommandError(`${flag} takes ${allowed}, and "${value}" is not that.`, {
    exitCode: exitCodes.usage,
  });
}

const lockVerbs = {
  status: "who holds it, since when, and whether that run still lives",
  release: "removes a lock that a killed run left",
} as const;
