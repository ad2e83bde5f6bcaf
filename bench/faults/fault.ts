import type { RunningCli } from "../../test/_helpers/running-cli.ts";
import type { World } from "../release/world.ts";

/** Something that goes wrong while a release or a rollback runs, and what must come of it. */
export interface ReleaseFault {
  /** What goes wrong. */
  readonly fault: string;
  /** The verb and the moment. */
  readonly at: string;
  /** Conditions of the region as `sandbox weather` takes them. */
  readonly weather?: string;
  /** Changes the stack before the command. */
  readonly prepare?: (world: World) => Promise<void>;
  /** The line of the command's output at which it goes wrong; from the start without one. */
  readonly from?: RegExp;
  /** Does something to the running command or to the stack at that moment. */
  readonly inject?: (world: World, cli: RunningCli) => Promise<void> | void;
  /** Undoes it before the printed command is run. */
  readonly undo?: (world: World) => Promise<void>;
  readonly verb?: "release" | "rollback";
  readonly breakage?: "errors" | "crash" | "never-ready";
  readonly args?: readonly string[];
  /** Exit codes that are right. */
  readonly exit: readonly number[];
  /** Found in what the command printed. */
  readonly cause?: RegExp;
  /** Found in its line `next:`. */
  readonly next?: RegExp;
  /** What the user runs afterwards, if it is not the printed command of this tool; none when the stack must be good already. */
  readonly repair?: "printed" | "none" | readonly string[];
  /** Which version serves at the end. */
  readonly serves: "new" | "old";
  /** The share of the requests, in percent, that a canary may lose; 0 without one. */
  readonly mayLose?: number;
}
