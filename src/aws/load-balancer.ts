import {
  DescribeListenersCommand,
  DescribeTargetHealthCommand,
  ModifyListenerCommand,
  type Action,
  type ElasticLoadBalancingV2Client,
  type Listener,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CommandError } from "../errors/command-error.ts";

export interface TargetHealth {
  readonly instance: string;
  /** initial, healthy, unhealthy, draining, unused, unavailable */
  readonly state: string;
  /** AWS's reason code and its description; empty when healthy. */
  readonly reason: string;
}

/** Weight of each target group ARN in the listener's default action. */
export async function listenerWeights(
  loadBalancing: Pick<ElasticLoadBalancingV2Client, "send">,
  listenerArn: string,
): Promise<ReadonlyMap<string, number>> {
  return weightsOf(await describeListener(loadBalancing, listenerArn));
}

/**
 * Sets the weights of target groups in the listener's default action in one call, and changes nothing else.
 * Throws when the listener does not forward to one of them.
 */
export async function setListenerWeights(
  loadBalancing: Pick<ElasticLoadBalancingV2Client, "send">,
  listenerArn: string,
  weights: ReadonlyMap<string, number>,
): Promise<void> {
  const listener = await describeListener(loadBalancing, listenerArn);
  const forwarded = weightsOf(listener);
  const missing = [...weights.keys()].find((arn) => !forwarded.has(arn));
  if (missing !== undefined) {
    throw new CommandError("The listener does not forward to both colours.", {
      where: listenerArn,
      why: `its default action does not name ${missing}`,
      next: "infer-deploy up --refresh repairs it",
    });
  }
  await weigh(loadBalancing, listener, weights);
}

/** Undefined when AWS does not list it. Throws the SDK's own errors, such as ListenerNotFound. */
export async function describeListener(
  loadBalancing: Pick<ElasticLoadBalancingV2Client, "send">,
  listenerArn: string,
): Promise<Listener | undefined> {
  const answer = await loadBalancing.send(
    new DescribeListenersCommand({ ListenerArns: [listenerArn] }),
  );
  return answer.Listeners?.[0];
}

function weightsOf(listener: Listener | undefined): ReadonlyMap<string, number> {
  const groups = (listener?.DefaultActions ?? []).flatMap(
    (action) => action.ForwardConfig?.TargetGroups ?? [],
  );
  return new Map(groups.map((group) => [group.TargetGroupArn ?? "", group.Weight ?? 0]));
}

async function weigh(
  loadBalancing: Pick<ElasticLoadBalancingV2Client, "send">,
  listener: Listener | undefined,
  weights: ReadonlyMap<string, number>,
): Promise<void> {
  const actions = listener?.DefaultActions ?? [];
  await loadBalancing.send(
    new ModifyListenerCommand({
      ListenerArn: listener?.ListenerArn,
      DefaultActions: actions.map(asAccepted).map((action) =>
        action.ForwardConfig === undefined
          ? action
          : {
              ...action,
              ForwardConfig: {
                ...action.ForwardConfig,
                TargetGroups: (action.ForwardConfig.TargetGroups ?? []).map((group) => ({
                  ...group,
                  Weight: weights.get(group.TargetGroupArn ?? "") ?? group.Weight,
                })),
              },
            },
      ),
    }),
  );
}

export async function targetHealth(
  loadBalancing: Pick<ElasticLoadBalancingV2Client, "send">,
  targetGroupArn: string,
): Promise<readonly TargetHealth[]> {
  const answer = await loadBalancing.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  );
  return (answer.TargetHealthDescriptions ?? []).map((description) => ({
    instance: description.Target?.Id ?? "",
    state: description.TargetHealth?.State ?? "unknown",
    reason: [description.TargetHealth?.Reason, description.TargetHealth?.Description]
      .filter(Boolean)
      .join(": "),
  }));
}

/**
 * An action as AWS returns it, in the form that it accepts. It returns an action's target group in addition to the forward configuration, but takes
 * only one of the two. It never returns a login's client secret, and keeps the one that it has (AuthenticateOidcActionConfig,
 * UseExistingClientSecret).
 */
export function asAccepted(action: Action): Action {
  const copy = { ...action };
  if (copy.ForwardConfig !== undefined) {
    delete copy.TargetGroupArn;
  }
  if (copy.AuthenticateOidcConfig !== undefined) {
    const { ClientSecret: _, ...config } = copy.AuthenticateOidcConfig;
    copy.AuthenticateOidcConfig = { ...config, UseExistingClientSecret: true };
  }
  return copy;
}
