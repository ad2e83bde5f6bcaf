import { otherColour, type Colour } from "../../stack/colour.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import type { FleetOutputs, SingleOutputs } from "../../state/stack-record.ts";
import type { Ending, Untidy } from "../strategy/machine.ts";

/** Something that a release left behind because AWS refused to tidy it up. */
export interface LeftBehind {
  readonly step: string;
  /** AWS's words. */
  readonly reason: string;
  /** What it means, as a clause. */
  readonly what: string;
  /** Shell commands that do by hand what was refused. */
  readonly commands: readonly string[];
}

type Names =
  | Pick<FleetOutputs, "autoscaling_group_names" | "listener_arn">
  | Pick<SingleOutputs, "machine">;

/** What an ended rollout left behind. The next release or rollback removes most of it, but until then it may cost money. */
export function leftBehind(
  outputs: Names,
  plan: Pick<RolloutPlan, "to" | "from" | "minimum">,
  { untidy = [] }: Pick<Ending, "untidy">,
): readonly LeftBehind[] {
  return untidy.map((one) => ({ ...one, ...consequence(outputs, plan, one) }));
}

/** One sentence for a warning. */
export function leftBehindText({ step, reason, what, commands }: LeftBehind): string {
  const next = commands.length === 0 ? "" : `; by hand: ${commands.join(" && ")}`;
  return `AWS refused the step ${step} (${reason}), so ${what}${next}`;
}

function consequence(
  names: Names,
  { to, from, minimum }: Pick<RolloutPlan, "to" | "from" | "minimum">,
  { step }: Untidy,
): Pick<LeftBehind, "what" | "commands"> {
  if ("machine" in names) {
    return { what: "the next release tidies up", commands: ["infer-deploy status"] };
  }
  const { autoscaling_group_names: groups, listener_arn: listener } = names;
  const previous = from?.colour ?? otherColour(to.colour);
  switch (step) {
    case "retire-previous":
      return {
        what: `${previous} keeps running, and costs money`,
        commands: end(groups[previous]),
      };
    case "discard":
      return {
        what: `${to.colour} keeps running, and costs money`,
        commands: end(groups[to.colour]),
      };
    case "set-minimum":
    case "set-minimum-back":
    case "keep":
      return {
        what: `the minimum of ${to.colour} is not ${minimum}`,
        commands: [`${update(groups[to.colour])} --min-size ${minimum}`],
      };
    case "close-probe":
    case "withdraw-probe":
      return {
        what: "the rule of the probe stays on the listener, where only its secret header reaches it",
        commands: [`aws elbv2 describe-rules --listener-arn ${listener}`],
      };
    case "resume-scaling":
    case "resume-scaling-back":
    case "resume-scaling-kept":
      return scalingAtRest(
        groups,
        step === "resume-scaling-back" ? (from ?? to).colour : to.colour,
      );
    case "resume-balance":
    case "resume-balance-back":
      return {
        what: `the group of ${to.colour} does not spread itself over its zones any more`,
        commands: [
          `aws autoscaling resume-processes --auto-scaling-group-name ${groups[to.colour]} --scaling-processes AZRebalance`,
        ],
      };
    default:
      return { what: "the next release tidies up", commands: [] };
  }
}

function scalingAtRest(
  groups: FleetOutputs["autoscaling_group_names"],
  serving: Colour,
): Pick<LeftBehind, "what" | "commands"> {
  return {
    what: `no policy or schedule changes the size of ${serving}`,
    commands: [
      `aws autoscaling suspend-processes --auto-scaling-group-name ${groups[otherColour(serving)]} --scaling-processes AlarmNotification`,
      `aws autoscaling resume-processes --auto-scaling-group-name ${groups[serving]} --scaling-processes AlarmNotification ScheduledActions`,
    ],
  };
}

/** Without the first command AWS could start instances again for the minimum. */
function end(group: string): readonly string[] {
  return [`${update(group)} --min-size 0`, `${update(group)} --desired-capacity 0`];
}

function update(group: string): string {
  return `aws autoscaling update-auto-scaling-group --auto-scaling-group-name ${group}`;
}
