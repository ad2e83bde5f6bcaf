import { createAwsClients, type AwsClients, type AwsSettings } from "./aws/clients.ts";
import { systemClock, type Clock } from "./process/clock.ts";
import { createRun } from "./process/execa-run.ts";
import { createInterrupts, type Interrupts } from "./process/interrupts.ts";
import type { Run } from "./process/run.ts";
import type { Reporter } from "./report/events.ts";
import { createLineReporter } from "./report/line-reporter.ts";
import type { GlobalFlags } from "./commands/flags.ts";

/** Everything with an effect that a verb is given. Tests pass their own. */
export interface Deps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Data for programs: standard output. */
  readonly out: (text: string) => void;
  readonly reporter: Reporter;
  readonly run: Run;
  readonly interrupts: Interrupts;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly connect: (settings: AwsSettings) => AwsClients;
  /** Whether a person is there to answer. */
  readonly interactive: boolean;
}

/** The composition root: the one place where clients, the process runner and the clock are made. */
export async function createDeps(flags: GlobalFlags, streams: NodeJS.Process): Promise<Deps> {
  const ci =
    streams.env["CI"] !== undefined && streams.env["CI"] !== "" && streams.env["CI"] !== "false";
  const interactive = streams.stdin.isTTY && streams.stderr.isTTY && !ci;
  const write = (text: string): void => {
    streams.stderr.write(text);
  };
  const interrupts = createInterrupts(streams, (line) => {
    write(`${line}\n`);
  });
  return {
    env: streams.env,
    cwd: streams.cwd(),
    out: (text) => {
      streams.stdout.write(text);
    },
    reporter:
      interactive && !flags.quiet
        ? (await import("./report/terminal-reporter.ts")).createTerminalReporter(
            streams.stdin,
            streams.stderr,
            interrupts.aborted,
          )
        : createLineReporter({
            write,
            now: () => systemClock.now().getTime(),
            every: (milliseconds, callback) => {
              const timer = setInterval(callback, milliseconds);
              return () => {
                clearInterval(timer);
              };
            },
            quiet: flags.quiet,
          }),
    run: createRun(),
    interrupts,
    clock: systemClock,
    fetch: globalThis.fetch,
    connect: createAwsClients,
    interactive,
  };
}
