import { CommandError, exitCodes } from "../../errors/command-error.ts";
import type { AppliedFacts } from "../../state/stack-record.ts";
import { lostStateError } from "./lost-state.ts";
import { movedStateError } from "./moved-state.ts";
import type { StatePlace } from "./state-place.ts";

/** What the record of the stack says of its state. */
export type AppliedState = Pick<AppliedFacts, "state_backend" | "state_serial">;

/**
 * Throws CommandError when the stack was applied and its state is not where the configuration says. A workspace of HCP Terraform is asked
 * later, by `requireSerial`.
 */
export async function requireState(
  state: StatePlace,
  applied: AppliedState | undefined,
): Promise<void> {
  if (applied === undefined || state.backend === "cloud") return;
  requireSerial(state, await state.serial(), applied);
}

/**
 * The same for the serial that was found; undefined when there is no state. After a change of state.backend, an older state than the applied one
 * counts as none: it is a copy that was left behind.
 */
export function requireSerial(
  state: StatePlace,
  serial: number | undefined,
  applied: AppliedState,
): void {
  const before = applied.state_backend ?? "s3";
  const isOld = serial !== undefined && serial < (applied.state_serial ?? 0);
  if (before !== state.backend && (serial === undefined || isOld)) {
    throw movedStateError(state, before);
  }
  if (serial === undefined) throw lostStateError(state);
  // The other backends have one state for every machine, and a person who brings an old version back means it.
  if (isOld && state.backend === "local") {
    throw new CommandError("Terraform's state in this project is not the newest one.", {
      exitCode: exitCodes.usage,
      where: state.name,
      why: `its serial is ${serial}, and the last infer-deploy up left ${applied.state_serial}; with it Terraform would make again what exists`,
      next: "copy the file from the machine or folder that ran the last infer-deploy up; if that is lost, infer-deploy destroy removes what this one knows and names the rest",
    });
  }
}
