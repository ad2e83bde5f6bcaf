import type { Colour } from "../../src/stack/colour.ts";
import type { AgentState } from "../../src/state/reports/agent-state.ts";
import type { ReleasePointer } from "../../src/state/release-pointer.ts";
import type { FakeInstance } from "./fake-instance.ts";

/** A run of the command of `release.before`. */
export interface FakeCommand {
  readonly release: number;
  readonly attempt: number;
  readonly instance: string;
  /** Milliseconds since 1970. */
  readonly began: number;
  /** Null while it runs, and when its instance went away or got another release first. */
  code: number | null;
  isOver: boolean;
}

/**
 * What the agents do while their pointer has a `before`: the instance that it names runs the command, once for each attempt, until the
 * command is over, the instance is gone, or the pointer names another release.
 */
export class FakeCommands {
  /** The exit code of a release's command; 0 for those that are not named. */
  readonly codes = new Map<number, number>();
  /** Oldest first. */
  readonly runs: FakeCommand[] = [];
  readonly #milliseconds: number;

  /** `milliseconds`: how long each command takes. */
  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  settle(
    now: number,
    instances: readonly FakeInstance[],
    pointers: Readonly<Record<Colour, ReleasePointer | null>>,
  ): void {
    for (const run of this.runs.filter(({ isOver }) => !isOver)) {
      const own = instances.find(({ id }) => id === run.instance);
      if (own?.release !== run.release) run.isOver = true;
      else if (now - run.began >= this.#milliseconds) {
        Object.assign(run, { isOver: true, code: this.codes.get(run.release) ?? 0 });
      }
    }
    for (const { id, colour, held, release } of instances) {
      const order = pointers[colour]?.before;
      if (!held || release === null || order?.instance !== id) continue;
      const { attempt } = order;
      const isBegun = this.runs.some(
        (one) => one.release === release && one.attempt === attempt && one.instance === id,
      );
      const run = { release, attempt, instance: id, began: now, code: null, isOver: false };
      if (!isBegun) this.runs.push(run);
    }
  }

  /** The part of its report by which an instance differs that waits. */
  report({ id, release }: FakeInstance): Partial<AgentState> {
    const run = this.runs.findLast((one) => one.instance === id && one.release === release);
    if (run === undefined) return { state: "holding" };
    const { attempt, code } = run;
    const before = { attempt, exit_code: code, seconds: code === null ? null : 3 };
    if (code === null) {
      return { state: "before", detail: "a line", before: { ...before, state: "running" } };
    }
    return code === 0
      ? { state: "holding", before: { ...before, state: "succeeded" } }
      : {
          state: "before-failed",
          detail: `release.before exited with code ${code} after 3 s.`,
          log_tail: ["no table"],
          before: { ...before, state: "failed" },
        };
  }
}
