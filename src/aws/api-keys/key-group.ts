import {
  CreateRuleGroupCommand,
  DeleteRuleGroupCommand,
  GetRuleGroupCommand,
  ListRuleGroupsCommand,
  UpdateRuleGroupCommand,
  type WAFV2Client,
} from "@aws-sdk/client-wafv2";
import { everyItem } from "../every-item.ts";
import { keyBodies, keyRule, keyRules, keysIn } from "./key-rules.ts";

type Client = Pick<WAFV2Client, "send">;
type Sleep = (milliseconds: number) => Promise<void>;

/** A rule group of AWS WAF. */
export interface KeyGroup {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
}

/** The stack's rule group; undefined when there is none. Throws the SDK's own errors. */
export async function findKeyGroup(waf: Client, name: string): Promise<KeyGroup | undefined> {
  const groups = await everyItem(async (token) => {
    const request = { Scope: scope, NextMarker: token, Limit: 100 };
    const { RuleGroups, NextMarker } = await waf.send(new ListRuleGroupsCommand(request));
    return { items: RuleGroups, next: NextMarker };
  });
  const found = groups.find((one) => one.Name === name);
  return found && { name, id: found.Id ?? "", arn: found.ARN ?? "" };
}

/**
 * Makes the rule group if there is none, and lets exactly these keys pass. Resolves to its ARN, and to whether anything changed. Repeats what
 * AWS WAF refuses because another run has just changed the group, or because the group is new. Throws the SDK's own errors.
 */
export async function ensureKeyGroup(
  waf: Client,
  name: string,
  keys: readonly string[],
  { tags, sleep }: { readonly tags: Readonly<Record<string, string>>; readonly sleep: Sleep },
): Promise<{ readonly arn: string; readonly changed: boolean }> {
  return again(sleep, ["WAFDuplicateItemException", ...passing], async () => {
    const found = await findKeyGroup(waf, name);
    if (found !== undefined) return { arn: found.arn, changed: await update(waf, found, keys) };
    const { Summary } = await waf.send(
      new CreateRuleGroupCommand({
        ...settings(name, keys),
        Capacity: capacity,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
    return { arn: Summary?.ARN ?? "", changed: true };
  });
}

/** Lets exactly these keys pass, in a rule group that exists. Resolves to whether anything changed. */
export async function updateKeyGroup(
  waf: Client,
  group: KeyGroup,
  keys: readonly string[],
  sleep: Sleep,
): Promise<boolean> {
  return again(sleep, passing, async () => update(waf, group, keys));
}

/** The keys that pass now; undefined when the group is gone or has other rules. */
export async function keysInForce(
  waf: Client,
  { name, id }: KeyGroup,
): Promise<readonly string[] | undefined> {
  const { RuleGroup } = await waf.send(
    new GetRuleGroupCommand({ Name: name, Id: id, Scope: scope }),
  );
  return keysIn(RuleGroup?.Rules);
}

/**
 * Deletes the stack's rule group, if there is one. AWS WAF may take a web ACL that has just left it for one that still uses it, so this waits.
 * Throws the SDK's own errors, such as WAFAssociatedItemException when a web ACL really uses it.
 */
export async function removeKeyGroup(waf: Client, name: string, sleep: Sleep): Promise<boolean> {
  return again(sleep, ["WAFAssociatedItemException", ...passing], async () => {
    const found = await findKeyGroup(waf, name);
    if (found === undefined) return false;
    const which = { Name: name, Id: found.id, Scope: scope };
    const { LockToken } = await waf.send(new GetRuleGroupCommand(which));
    await waf.send(new DeleteRuleGroupCommand({ ...which, LockToken }));
    return true;
  });
}

async function update(waf: Client, { name, id }: KeyGroup, keys: readonly string[]) {
  const which = { Name: name, Id: id, Scope: scope };
  const { RuleGroup, LockToken } = await waf.send(new GetRuleGroupCommand(which));
  const before = keysIn(RuleGroup?.Rules);
  if (before !== undefined && before.join("\n") === keys.join("\n")) return false;
  await waf.send(new UpdateRuleGroupCommand({ ...settings(name, keys), Id: id, LockToken }));
  return true;
}

function settings(name: string, keys: readonly string[]) {
  return {
    Name: name,
    Scope: scope,
    Rules: keyRules(keys),
    CustomResponseBodies: keyBodies,
    VisibilityConfig: {
      SampledRequestsEnabled: true,
      CloudWatchMetricsEnabled: true,
      MetricName: keyRule,
    },
  };
}

async function again<T>(
  sleep: Sleep,
  refusals: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isPassing = error instanceof Error && refusals.includes(error.name);
      if (!isPassing || attempt === attempts) throw error;
      await sleep(pauseMilliseconds);
    }
  }
}

const scope = "REGIONAL" as const;
const passing = ["WAFOptimisticLockException", "WAFUnavailableEntityException"];
const attempts = 30;
const pauseMilliseconds = 2000;

/**
 * In web ACL capacity units, fixed for the life of the group. An exact comparison of a header costs 2, so two keys cost 4 (AWS WAF developer
 * guide, "String match rule statement"). A web ACL has 1,500 without a further charge.
 */
const capacity = 20;
