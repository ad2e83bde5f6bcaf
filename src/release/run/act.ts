import {
  clearGroup,
  enterStandby,
  exitStandby,
  keepGroup,
  retireGroupAt,
  setCapacity,
} from "../../aws/fleet.ts";
import { setListenerWeights } from "../../aws/load-balancer.ts";
import { closeProbeRules, openProbeRule } from "../../aws/probe-rule.ts";
import type { AwsClients } from "../../aws/clients.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import type { Action } from "../strategy/machine.ts";
import type { RolloutPlan } from "../plan/rollout-plan.ts";
import { readRelease } from "../../state/release-history.ts";
import { writePointer } from "../../state/release-pointer.ts";
import type { StackRecord } from "../../state/stack-record.ts";

export interface Hands {
  readonly aws: AwsClients;
  readonly store: ObjectStore;
  readonly stack: StackRecord;
  /** S3 prefix of the stack in the state bucket. */
  readonly prefix: string;
  readonly plan: RolloutPlan;
  /** Value of the probe's header. */
  readonly token: string;
  readonly now: () => Date;
}

/** Makes one change in AWS. Throws the SDK's own errors. Each can be made twice without harm. */
export async function act(hands: Hands, action: Action): Promise<void> {
  const { aws, stack, plan } = hands;
  const { outputs } = stack;
  const groups = outputs.autoscaling_group_names;
  switch (action.do) {
    case "claim":
      return keepGroup(await aws.autoScaling(), groups[action.colour]);
    case "clear":
      return clearGroup(await aws.autoScaling(), groups[action.colour]);
    case "point":
      return writePointer(hands, action.colour, {
        record: await readRelease(hands.store, action.deployment),
        update: action.update,
      });
    case "scale":
      return setCapacity(await aws.autoScaling(), groups[action.colour], {
        min: action.minimum,
        ...(action.desired === null ? {} : { desired: action.desired }),
      });
    case "open-probe":
      return openProbeRule(
        await aws.loadBalancing(),
        outputs.listener_arn,
        outputs.target_group_arns[action.colour],
        hands.token,
      );
    case "close-probe":
      return closeProbeRules(await aws.loadBalancing(), outputs.listener_arn);
    case "weigh":
      return setListenerWeights(
        await aws.loadBalancing(),
        outputs.listener_arn,
        new Map([
          [outputs.target_group_arns.blue, action.weights.blue],
          [outputs.target_group_arns.green, action.weights.green],
        ]),
      );
    case "retire":
      return retireGroupAt(
        await aws.autoScaling(),
        groups[action.colour],
        new Date(hands.now().getTime() + action.seconds * 1000),
      );
    case "enter-standby":
      return enterStandby(await aws.autoScaling(), groups[plan.to.colour], action.instances);
    case "exit-standby":
      return exitStandby(await aws.autoScaling(), groups[plan.to.colour], action.instances);
  }
}
