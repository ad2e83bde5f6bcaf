import { CommandError, exitCodes, type ExitCode } from "../../errors/command-error.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import type { RolloutFailure } from "../observe/failure.ts";
import type { Ending, Outcome } from "./machine.ts";
import type { MovingPlan } from "./moving-plan.ts";

/** The error of a release that moved traffic and did not succeed. */
export function movingError(plan: MovingPlan, ending: Ending): CommandError {
  const { from, to, release } = plan;
  const cause = ending.failure?.cause ?? "it was cancelled";
  const detail = ending.failure?.detail ?? [];
  if (ending.stuck) {
    return new CommandError(
      `Release ${release} failed, and its traffic could not be moved back to ${from.version}.`,
      {
        why: cause,
        detail,
        next: "infer-deploy status shows who has the traffic; infer-deploy rollback tries again",
      },
    );
  }
  if (ending.stays === true) {
    return new CommandError(`${to.version} has all traffic again, but it is not healthy either.`, {
      why: cause,
      detail,
      next: "check infer-deploy status, or run infer-deploy rollback --to VERSION with an older one",
    });
  }
  if (plan.warm && ending.outcome === "failed") {
    return new CommandError(`The rollback to ${to.version} failed: ${cause}.`, {
      detail,
      next: `${from.version} has all traffic, as before; infer-deploy rollback tries again`,
    });
  }
  if (plan.kind === "restart") {
    return new CommandError(`The restart of ${to.version} failed: ${cause}.`, {
      exitCode: codes[ending.outcome],
      ...(ending.failure === null ? {} : { where: ending.failure.where }),
      detail,
      next: "infer-deploy status shows what serves; infer-deploy restart tries again",
    });
  }
  return new CommandError(`${to.version} was rolled back: ${cause}.`, {
    exitCode: codes[ending.outcome],
    ...(ending.failure === null ? {} : { where: ending.failure.where }),
    detail,
    next: `${from.version} has all traffic. ${nextOf(ending.failure)}. infer-deploy releases shows release ${release}`,
  });
}

function nextOf(failure: RolloutFailure | null): string {
  const next = failure?.next ?? "Fix the image or its settings, then release again";
  return failure?.instead === undefined ? next : `${next}. ${failure.instead}`;
}

/** The error of a first release that did not come up. */
export function firstError({ to }: RolloutPlan, ending: Ending): CommandError {
  const { cause, where, detail, next }: RolloutFailure = ending.failure ?? {
    cause: "it was cancelled",
    where: "",
    detail: [],
  };
  const facts = { ...(where === "" ? {} : { where }), detail };
  if (ending.stuck) {
    return new CommandError(
      `Version ${to.version} does not run, and its instances could not be stopped: ${cause}.`,
      { ...facts, next: "infer-deploy up tries again; infer-deploy destroy removes everything" },
    );
  }
  if (ending.outcome === "timed-out" && where === "address") {
    return new CommandError(`Version ${to.version} did not come up: ${cause}.`, {
      ...facts,
      exitCode: exitCodes.timedOut,
      next: `${next ?? unreached}, then run infer-deploy up again; the instances keep running`,
    });
  }
  if (ending.outcome === "timed-out") {
    return new CommandError(`Version ${to.version} did not come up: ${cause}.`, {
      ...facts,
      exitCode: exitCodes.timedOut,
      next: "raise health.timeout if the model takes longer to load, or instances.boot_timeout if the image takes longer to download; the instances were stopped",
    });
  }
  return new CommandError(`Version ${to.version} does not run: ${cause}.`, {
    ...facts,
    next: `${next ?? "fix the image or its settings, then run infer-deploy up again"}; the instances were stopped`,
  });
}

const unreached =
  "network.allow must let this machine in (with network.internal it must be in the VPC, or connected to it), and version.path must answer with the version: check both";

const codes: Readonly<Record<Outcome, ExitCode>> = {
  succeeded: exitCodes.done,
  failed: exitCodes.failed,
  "rolled-back": exitCodes.rolledBack,
  "timed-out": exitCodes.timedOut,
  cancelled: exitCodes.failed,
};
