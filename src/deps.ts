import { createAwsClients, type AwsClients, type AwsSettings } from "./aws/clients.ts";
import { mostSecretBytes } from "./options/secret-value.ts";
import { createPublicDns, type PublicDns } from "./domain/public-dns.ts";
import { safeText } from "./errors/safe-text.ts";
import { createFetch, createFetchPast } from "./network/proxied-fetch.ts";
import { isClosed, writeTo } from "./process/closed-output.ts";
import { systemClock, type Clock } from "./process/clock.ts";
import { endBy } from "./process/end-by.ts";
import { readSecretInput } from "./process/secret-input.ts";
import { attach, type Attach } from "./process/programs/attached.ts";
import { createRun } from "./process/programs/execa-run.ts";
import { fetchThrough } from "./network/fetch-through.ts";
import { createHttp2Fetch } from "./network/http2-fetch.ts";
import { connectAlong, createTlsConnect } from "./network/tls-connect.ts";
import { ignoresHangUp } from "./process/hang-up.ts";
import { createInterrupts, type Interrupts } from "./process/interrupts.ts";
import type { Run } from "./process/programs/run.ts";
import { isSet } from "./process/switches.ts";
import type { Reporter } from "./report/reporter.ts";
import { createLineReporter } from "./report/line-reporter.ts";
import { canRedraw } from "./report/panel/screen.ts";
import type { TerminalReporter } from "./report/terminal-reporter.ts";
import { withWholeCommands } from "./report/whole-commands.ts";

/** Everything with an effect that a verb is given. Tests pass their own. */
export interface Deps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The command line, without the program. */
  readonly args: readonly string[];
  /** Data for programs: standard output. */
  readonly out: (text: string) => void;
  /** Whether the reporter draws pictures next to standard output, on the same terminal. */
  readonly draws: boolean;
  /** Clears what is drawn, before something else prints. */
  readonly endDrawing: () => void;
  /** Whether the reader is still there, as far as the last write shows. */
  readonly isRead: () => boolean;
  /** Sends a message to the process that started this one in the background, if it is still listening. */
  readonly tellParent: (message: object) => void;
  readonly reporter: Reporter;
  readonly run: Run;
  /** For programs that talk to the user. */
  readonly attach: Attach;
  readonly interrupts: Interrupts;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** Asks the registry that image.ref names, a real one in a rehearsal too, as Docker does for base images. */
  readonly fetchRegistry: typeof fetch;
  readonly publicDns: PublicDns;
  /** `fetch` whose requests go to that host, such as a load balancer's own name, for a domain that this machine may not resolve. */
  readonly fetchThrough: (host: string) => typeof fetch;
  /** `fetch` over HTTP/2, for stacks that speak it; `host` as for fetchThrough. */
  readonly fetchHttp2: (host?: string) => typeof fetch;
  readonly connect: (settings: AwsSettings) => AwsClients;
  /** A secret value: what is piped in, or what a person types without seeing it. Undefined when nothing comes. */
  readonly readSecret: (question: string) => Promise<Uint8Array | undefined>;
  /** Whether a person is there to answer. */
  readonly interactive: boolean;
  /** Whether standard input and output are a terminal. */
  readonly hasTerminal: boolean;
}

/** The composition root: the one place where clients, the process runner and the clock are made. */
export async function createDeps(
  flags: {
    readonly quiet: boolean;
    readonly sandbox: string | undefined;
    readonly json?: boolean;
  },
  streams: NodeJS.Process,
): Promise<Deps> {
  const ci = isSet(streams.env["CI"]);
  const interactive = streams.stdin.isTTY && streams.stderr.isTTY && !ci;
  const write = (text: string): void => {
    writeTo(streams.stderr, safeText(text, streams.env));
  };
  const surviving = ignoresHangUp(streams);
  let terminal: TerminalReporter | undefined;
  const interrupts = createInterrupts(streams, {
    say: (line) => {
      if (terminal === undefined) write(`${line}\n`);
      else terminal.print(line);
    },
    exit: (signal) => {
      terminal?.end();
      endBy(signal, streams);
    },
    now: () => systemClock.now().getTime(),
    ignoresHangUp: surviving,
  });
  const lines = createLineReporter({
    write,
    now: () => systemClock.now().getTime(),
    every: (milliseconds, callback) => {
      const timer = setInterval(callback, milliseconds);
      return () => {
        clearInterval(timer);
      };
    },
    quiet: flags.quiet,
    silence: silence(flags.quiet, ci),
  });
  if (interactive && !flags.quiet) {
    const { createTerminalReporter } = await import("./report/terminal-reporter.ts");
    terminal = createTerminalReporter({
      input: streams.stdin,
      output: streams.stderr,
      env: streams.env,
      aborted: interrupts.aborted,
    });
  }
  const draws = terminal !== undefined && flags.json !== true && canRedraw(streams.env);
  const sandbox =
    flags.sandbox === undefined
      ? undefined
      : await import("../sandbox/src/client/sandbox-fetch.ts");
  const sandboxFetch = sandbox?.createSandboxFetch;
  const inside = sandboxFetch?.(streams.env, flags.sandbox ?? "", "name");
  return {
    env: streams.env,
    cwd: streams.cwd(),
    args: streams.argv.slice(2),
    tellParent: (message) => {
      streams.send?.(message);
    },
    out: (text) => {
      writeTo(streams.stdout, safeText(text, streams.env));
    },
    draws: draws && streams.stdout.isTTY,
    endDrawing: () => terminal?.end(),
    isRead: () => !isClosed(streams.stdout),
    reporter: withWholeCommands(
      // Questions are asked where lines are appended, too.
      draws || terminal === undefined ? (terminal ?? lines) : { ...terminal, notify: lines.notify },
      streams.argv.slice(2),
    ),
    run: createRun({ apart: surviving }),
    attach,
    interrupts,
    clock: systemClock,
    fetch: inside ?? createFetch(streams.env),
    fetchRegistry: createFetch(streams.env),
    fetchThrough: (host) =>
      sandboxFetch?.(streams.env, flags.sandbox ?? "", "load-balancer", host) ??
      createFetchPast(fetchThrough(host), streams.env),
    fetchHttp2: (host) =>
      createHttp2Fetch(
        sandbox === undefined
          ? createTlsConnect(streams.env, host)
          : connectAlong(sandbox.createSandboxWay(streams.env, flags.sandbox ?? "", host)),
      ),
    publicDns:
      flags.sandbox === undefined
        ? createPublicDns()
        : (await import("../sandbox/src/client/sandbox-dns.ts")).createSandboxDns(
            streams.env,
            flags.sandbox,
          ),
    connect: createAwsClients,
    readSecret: async (question) =>
      readSecretInput({ input: streams.stdin, output: streams.stderr }, question, {
        isAsked: interactive,
        interrupt: () => {
          streams.kill(streams.pid, "SIGINT");
        },
        aborted: interrupts.aborted,
        most: mostSecretBytes + 2,
      }),
    interactive,
    hasTerminal: streams.stdin.isTTY && streams.stdout.isTTY,
  };
}

/** Why no question is asked, when none is. */
function silence(quiet: boolean, ci: boolean): string {
  if (quiet) return "--quiet asks no questions";
  return ci ? "CI is set, so there is no one to ask" : "standard input is not a terminal";
}
