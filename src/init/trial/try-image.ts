import { durationText } from "../../report/text.ts";
import type { Clock } from "../../process/clock.ts";
import type { Reporter } from "../../report/reporter.ts";
import { span } from "../../report/span.ts";
import type { DockerfileFacts } from "../dockerfile.ts";
import type { TrialContainer } from "./container-argv.ts";
import type { Trialled } from "./engine.ts";
import { findLimit, type EnvChange } from "./limit.ts";
import { watchContainer, type Seen } from "./watch-container.ts";

/** What running the container showed. */
export interface Trial {
  /** Null when it listened on no port that a load balancer reaches. */
  readonly port: number | null;
  /** Other ports that it listened on. */
  readonly otherPorts: readonly number[];
  /** The first path that answered 200. */
  readonly path: string | null;
  /** Seconds from its start to that answer. */
  readonly seconds: number | null;
  /** What it needs to run as an instance runs it. */
  readonly env: readonly EnvChange[];
  /** What keeps it from running there, and what to change; a sentence each. */
  readonly problems: readonly string[];
}

export interface TrialDeps {
  readonly start: (container: TrialContainer) => Promise<Trialled>;
  readonly ask: (port: number, path: string) => Promise<number | null>;
  readonly clock: Clock;
  readonly reporter: Pick<Reporter, "notify">;
  readonly signal: AbortSignal;
}

export interface TrialRequest {
  /** The container's name in the engine. */
  readonly name: string;
  /** The image's id. */
  readonly image: string;
  readonly facts: DockerfileFacts;
  /** The home folder of the image's user. */
  readonly home: string;
  readonly paths: readonly string[];
}

/**
 * Runs the container as an instance would, until a path answers 200 or it is clear that none will. Starts it again with a variable that moves
 * a folder it may not write to, with a port published that it turned out to listen on, and last without the limits, to learn the port and the
 * path all the same. Removes every container that it started.
 */
export async function tryImage(deps: TrialDeps, request: TrialRequest): Promise<Trial> {
  return span(
    deps.reporter,
    "trial",
    "Run the container as an instance does",
    async ({ progress, done }) => {
      let attempt: Attempt = {
        port: request.facts.ports[0] ?? defaultPort,
        published:
          request.facts.ports.length > 0 ? request.facts.ports.slice(0, 20) : [defaultPort],
        env: [],
        problems: [],
        isLoose: false,
      };
      for (let starts = 0; ; starts += 1) {
        const seen = await runOnce(deps, request, attempt, progress);
        const next = starts < mostStarts ? nextAttempt(attempt, seen, request) : undefined;
        if (next === undefined) {
          const trial = trialOf(attempt, seen);
          done(trialText(trial));
          return trial;
        }
        attempt = next;
      }
    },
  );
}

interface Attempt {
  readonly port: number;
  readonly published: readonly number[];
  readonly env: readonly EnvChange[];
  readonly problems: readonly string[];
  readonly isLoose: boolean;
}

async function runOnce(
  { start, ask, clock, signal }: TrialDeps,
  { name, image, facts, paths }: TrialRequest,
  { port, published, env, isLoose }: Attempt,
  progress: (detail: string) => void,
): Promise<Seen> {
  signal.throwIfAborted();
  const container = await start({
    ...{ name, image, port, published, isLoose },
    env: Object.fromEntries(env.map((one) => [one.name, one.value])),
  });
  try {
    return await watchContainer({ container, ask, clock, signal, progress }, facts.ports, paths);
  } finally {
    await container.remove();
  }
}

/** Undefined when nothing is left to try. */
function nextAttempt(attempt: Attempt, seen: Seen, request: TrialRequest): Attempt | undefined {
  if (seen.kind === "healthy") return undefined;
  if (seen.kind === "unpublished") {
    return { ...attempt, port: seen.port, published: [...attempt.published, seen.port] };
  }
  if (attempt.isLoose) return undefined;
  const limit = findLimit(seen.log, request.facts, request.home);
  const known = new Set(attempt.env.map(({ name }) => name));
  const fresh = limit?.env.filter(({ name }) => !known.has(name)) ?? [];
  if (fresh.length > 0) return { ...attempt, env: [...attempt.env, ...fresh] };
  if (seen.kind === "silent" && limit === undefined) return undefined;
  return { ...attempt, problems: [limit?.text ?? endText(seen)], isLoose: true };
}

function trialOf(attempt: Attempt, seen: Seen): Trial {
  const problems = [...attempt.problems];
  if (seen.kind === "ended" && !attempt.isLoose) problems.push(endText(seen));
  if (seen.kind === "silent") problems.push(silenceText(seen));
  const port = seen.kind === "ended" ? null : seen.port;
  return {
    port,
    otherPorts: seen.kind === "healthy" ? seen.listening.open.filter((one) => one !== port) : [],
    path: seen.kind === "healthy" ? seen.path : null,
    seconds: seen.kind === "healthy" ? seen.seconds : null,
    // Without the limits nothing shows that the variables help.
    env: attempt.isLoose ? [] : attempt.env,
    problems,
  };
}

function endText(seen: Seen): string {
  if (seen.kind !== "ended") return "It did not run.";
  const last = seen.log.trim().split("\n").at(-1) ?? "";
  const why = seen.exitCode === 137 ? " It may have used more than 1.5 GB of memory." : "";
  return `It ended with exit code ${seen.exitCode}${last === "" ? " and no output" : `: ${last.slice(0, 300)}`}.${why}`;
}

function silenceText(seen: Seen & { readonly kind: "silent" }): string {
  const { open, inside } = seen.listening;
  if (seen.port !== null) {
    const answers = seen.answers
      .map(({ path, status }) => `${path} ${status ?? "no answer"}`)
      .join(", ");
    return `On port ${seen.port} no path answered 200 (${answers}). Set health.path to one that does.`;
  }
  if (inside.length > 0 && open.length === 0) {
    return `It listens on port ${inside.join(", ")} of 127.0.0.1 only; it must listen on 0.0.0.0.`;
  }
  return "It listened on no port. Set image.port to the one that it opens.";
}

function trialText({ port, path, seconds }: Trial): string {
  if (path === null || seconds === null) return "no path answered 200";
  return `GET ${path} on port ${port} answered 200 after ${durationText(seconds)}`;
}

/** image.port of a file that does not set it, which apps of a platform with PORT take from there. */
const defaultPort = 8080;
const mostStarts = 6;
