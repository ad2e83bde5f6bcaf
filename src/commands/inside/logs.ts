import { exitCodes } from "../../errors/command-error.ts";
import { checkVersion } from "../../image/version.ts";
import { asked, duration, onOff, text } from "../../options/kinds.ts";
import { stackVerb } from "../kinds/stack-verb.ts";

/** The lines of the containers, or of the instances' start. They are in CloudWatch, so those of instances that are gone are there too. */
export const logs = stackVerb({
  name: "logs",
  summary: "prints the container's lines, also of a release that never became healthy",
  options: {
    since: duration("--since <duration>", "how far back", "10m"),
    follow: onOff("--follow", "continue with what comes, until Ctrl-C"),
    grep: asked("--grep <pattern>", "only lines that this regular expression matches"),
    colour: asked("--colour <colour>", "only blue's or green's", { choices: ["blue", "green"] }),
    version: text("--version <version>", "only this version's", checkVersion),
    instance: asked("--instance <id>", "only this instance's; the beginning of its id is enough"),
    boot: onOff("--boot", "the instances' start in place of the container"),
    checks: onOff("--checks", "also what an access log says about our own health checks"),
  },
  needsImage: false,
  run: async (deps, flags, { config, ...loaded }, own) => {
    const { isPassing } = await import("../../aws/logs/passing.ts");
    const { readEvents } = await import("../../aws/logs/read-events.ts");
    const { chooseLines } = await import("../../logs/choice.ts");
    const { follow, readSince } = await import("../../logs/follow.ts");
    const { lineOf } = await import("../../logs/line.ts");
    const { createOwnChecks } = await import("../../logs/own-checks.ts");
    const { openTarget } = await import("../../target/open-target.ts");
    const { requireStack } = await import("../../target/require-stack.ts");
    const { isThrottling } = await import("../../aws/watch-calls.ts");
    const { logDocument, logText } = await import("../../views/logs.ts");

    const isCheck = own.checks ? () => false : createOwnChecks(config.health.path);
    const { isWanted, prefix } = chooseLines(own, isCheck);
    const target = await openTarget(deps, flags, { config, ...loaded }, { tools: [] });
    const stack = await requireStack(target);
    const client = await target.aws.cloudWatchLogs();
    const group = stack.outputs.log_groups[own.boot ? "boot" : "app"];
    const { clock, interrupts, reporter } = deps;
    const source = {
      page: async (from: number, token: string | undefined) =>
        readEvents(client, { group, prefix, from, token }),
      // Without --follow, everything else is reported at once.
      isPassing: own.follow ? isPassing : isThrottling,
      clock,
      signal: interrupts.aborted,
    };
    let count = 0;
    const read = own.follow ? follow : readSince;
    await read(source, clock.now().getTime() - own.since * 1000, (events) => {
      const lines = events.map(lineOf).filter(isWanted);
      count += lines.length;
      const texts = lines.map((line) =>
        flags.json ? `${JSON.stringify(logDocument(stack, line))}\n` : logText(line),
      );
      if (texts.length > 0) deps.out(texts.join(""));
      return deps.isRead();
    });
    if (count === 0 && !own.follow) {
      const other = own.boot ? "" : "; infer-deploy logs --boot shows the instances' start";
      reporter.notify({ type: "note", text: `no such lines${other}` });
    }
    return exitCodes.done;
  },
});
