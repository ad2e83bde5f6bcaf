import type { Clock } from "../../process/clock.ts";
import type { Trialled } from "./engine.ts";
import { judgeAnswers, type Answer, type Judged } from "./health-paths.ts";
import type { Listening } from "./listening.ts";

/** How one run of the container went. */
export type Seen =
  | {
      readonly kind: "healthy";
      readonly port: number;
      readonly path: string;
      readonly seconds: number;
      readonly listening: Listening;
    }
  | { readonly kind: "ended"; readonly exitCode: number; readonly log: string }
  /** It listens on a port that this machine cannot reach yet. */
  | { readonly kind: "unpublished"; readonly port: number }
  | {
      readonly kind: "silent";
      readonly port: number | null;
      readonly answers: readonly Answer[];
      readonly listening: Listening;
      readonly log: string;
    };

export interface WatchDeps {
  readonly container: Trialled;
  readonly ask: (port: number, path: string) => Promise<number | null>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: (detail: string) => void;
}

/**
 * Looks at a container until a path answers 200, it ends, or waiting no longer helps: after two minutes, or ten seconds after all paths of a
 * port answered something definite. `exposed`: ports that the Dockerfile declares, which are asked first.
 */
export async function watchContainer(
  { container, ask, clock, signal, progress }: WatchDeps,
  exposed: readonly number[],
  paths: readonly string[],
): Promise<Seen> {
  const started = clock.now().getTime();
  const seconds = () => (clock.now().getTime() - started) / 1000;
  let definiteSince: number | undefined;
  let last: { readonly port: number; readonly answers: readonly Answer[] } | undefined;
  for (;;) {
    const { isRunning, exitCode, ports } = await container.look();
    if (!isRunning) return { kind: "ended", exitCode, log: await container.log() };
    const listening = (await container.listening()) ?? { open: [...ports.keys()], inside: [] };
    const candidates = inOrder(listening.open, exposed);
    const reachable = candidates.filter((port) => ports.has(port));
    const rounds: Round[] = [];
    for (const port of reachable) {
      progress(`port ${port}`);
      const askIt = async (path: string) => ask(ports.get(port) ?? port, path);
      const answers = await askPaths(askIt, paths);
      const judged = judgeAnswers(answers);
      // A port that answers every path says nothing by one of them.
      const isCatchAll = judged.kind === "healthy" && (await askIt(noPath)) === 200;
      rounds.push({ port, answers, judged: isCatchAll ? { kind: "healthy", path: "/" } : judged });
    }
    last = rounds.at(-1) ?? last;
    const found = bestOf(rounds, paths);
    // Only `/` answers: that may be the metrics of an app whose own port opens later.
    const mayWait = found?.path === "/" && candidates.length < exposed.length;
    if (found !== undefined && !(mayWait && seconds() < definiteSeconds)) {
      return { kind: "healthy", ...found, seconds: seconds(), listening };
    }
    const hidden = candidates.find((port) => !ports.has(port));
    const isDefinite =
      rounds.every(({ judged }) => judged.kind === "none") &&
      candidates.length + listening.inside.length > 0;
    definiteSince = isDefinite ? (definiteSince ?? seconds()) : undefined;
    const isOver = definiteSince !== undefined && seconds() - definiteSince > definiteSeconds;
    if (hidden !== undefined && (reachable.length === 0 || isOver)) {
      return { kind: "unpublished", port: hidden };
    }
    if (isOver || seconds() > patienceSeconds) {
      const log = await container.log();
      return {
        kind: "silent",
        port: last?.port ?? null,
        answers: last?.answers ?? [],
        listening,
        log,
      };
    }
    await clock.sleep(roundMilliseconds, signal);
  }
}

interface Round {
  readonly port: number;
  readonly answers: readonly Answer[];
  readonly judged: Judged;
}

/** The port whose healthy path is the likeliest one. */
function bestOf(
  rounds: readonly Round[],
  paths: readonly string[],
): { readonly port: number; readonly path: string } | undefined {
  return rounds
    .flatMap(({ port, judged }) => (judged.kind === "healthy" ? [{ port, path: judged.path }] : []))
    .toSorted((a, b) => paths.indexOf(a.path) - paths.indexOf(b.path))[0];
}

/** Asks one path after the other, up to the first answer that settles it. */
async function askPaths(
  ask: (path: string) => Promise<number | null>,
  paths: readonly string[],
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const path of paths) {
    answers.push({ path, status: await ask(path) });
    if (judgeAnswers(answers).kind !== "none") break;
  }
  return answers;
}

/** The declared ports first, in the Dockerfile's order. */
function inOrder(open: readonly number[], exposed: readonly number[]): readonly number[] {
  return [
    ...exposed.filter((port) => open.includes(port)),
    ...open.filter((port) => !exposed.includes(port)),
  ];
}

const noPath = "/infer-deploy-init-no-such-path";
/** The default of health.timeout. */
const patienceSeconds = 120;
const definiteSeconds = 10;
const roundMilliseconds = 500;
