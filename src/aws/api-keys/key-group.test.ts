import type { Rule } from "@aws-sdk/client-wafv2";
import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { ensureKeyGroup, findKeyGroup, keysInForce, removeKeyGroup } from "./key-group.ts";
import { keyRules, keysIn } from "./key-rules.ts";

interface Group {
  readonly Name: string;
  readonly Id: string;
  readonly ARN: string;
  Rules: readonly Rule[];
  LockToken: number;
}

interface Input {
  readonly Name?: string;
  readonly Rules?: readonly Rule[];
  readonly LockToken?: number;
  readonly NextMarker?: string;
  readonly Capacity?: number;
}

/** AWS WAF with a page of other groups before the stack's. `refusals` come first, one for each call that changes something. */
function waf(refusals: readonly Error[] = []) {
  const left = [...refusals];
  const calls: string[] = [];
  let group: Group | undefined;
  let slept = 0;
  const change = <T>(work: () => T): T => {
    const refusal = left.shift();
    if (refusal !== undefined) throw refusal;
    return work();
  };
  const answers: Readonly<Record<string, (input: Input) => object>> = {
    ListRuleGroups: ({ NextMarker: marker }) =>
      marker === undefined
        ? { RuleGroups: [{ Name: "another", Id: "0", ARN: "arn:0" }], NextMarker: "2" }
        : { RuleGroups: group === undefined ? [] : [group] },
    // As from the SDK, bytes are no Buffer.
    GetRuleGroup: () => ({ RuleGroup: structuredClone(group), LockToken: group?.LockToken }),
    CreateRuleGroup: ({ Name = "", Rules = [] }) =>
      change(() => {
        group = { Name, Id: "1", ARN: "arn:1", Rules, LockToken: 1 };
        return { Summary: group };
      }),
    UpdateRuleGroup: ({ Rules = [], LockToken: token }) =>
      change(() => {
        if (group === undefined || token !== group.LockToken) {
          throw awsFailure("WAFOptimisticLockException", "changed");
        }
        group.Rules = Rules;
        group.LockToken += 1;
        return {};
      }),
    DeleteRuleGroup: () =>
      change(() => {
        group = undefined;
        return {};
      }),
  };
  const client = {
    send: async (command: { readonly input: Input }) => {
      const call = command.constructor.name.replace(/Command$/, "");
      calls.push(call);
      return answers[call]?.(command.input);
    },
  } as unknown as Parameters<typeof findKeyGroup>[0];
  const sleep = async (): Promise<void> => {
    slept += 1;
  };
  const ensure = async (...keys: readonly string[]) =>
    ensureKeyGroup(client, "app-production", keys, { tags: { a: "b" }, sleep });
  const inForce = async () => {
    const found = await findKeyGroup(client, "app-production");
    return found && keysInForce(client, found);
  };
  const remove = async () => removeKeyGroup(client, "app-production", sleep);
  const refuse = (error: Error): void => void left.push(error);
  return { ensure, inForce, refuse, remove, calls, slept: () => slept };
}

test("a group is made with the keys, and found behind others", async () => {
  const one = waf();
  expect(await one.inForce()).toBeUndefined();
  expect(await one.ensure("first")).toEqual({ arn: "arn:1", changed: true });
  expect(await one.inForce()).toEqual(["first"]);
});

test("the same keys again change nothing", async () => {
  const one = waf();
  await one.ensure("first", "second");
  expect(await one.ensure("first", "second")).toEqual({ arn: "arn:1", changed: false });
  expect(one.calls).not.toContain("UpdateRuleGroup");
});

test("other keys replace those that pass", async () => {
  const one = waf();
  await one.ensure("first", "second");
  expect(await one.ensure("second")).toEqual({ arn: "arn:1", changed: true });
  expect(await one.inForce()).toEqual(["second"]);
});

test.each([
  "WAFOptimisticLockException",
  "WAFUnavailableEntityException",
  "WAFDuplicateItemException",
])("%s is tried again, with what AWS WAF has then", async (name) => {
  const one = waf([awsFailure(name, "not now")]);
  expect(await one.ensure("first")).toMatchObject({ changed: true });
  expect(one.slept()).toBe(1);
});

test("another refusal is reported", async () => {
  const refused = awsFailure("WAFLimitsExceededException", "too many");
  await expect(waf([refused]).ensure("first")).rejects.toBe(refused);
});

test("the group goes once AWS WAF no longer takes it for one in use", async () => {
  expect(await waf().remove()).toBe(false);
  const one = waf();
  await one.ensure("first");
  one.refuse(awsFailure("WAFAssociatedItemException", "in use"));
  expect(await one.remove()).toBe(true);
  expect([one.slept(), await one.inForce()]).toEqual([1, undefined]);
});

test("no request passes without a key, and rules of another origin are recognised", () => {
  expect(keysIn(keyRules([]))).toEqual([]);
  expect(keysIn(keyRules(["a"]))).toEqual(["a"]);
  expect(keysIn(keyRules(["a", "b"]))).toEqual(["a", "b"]);
  const [rule] = keyRules(["a"]);
  const counting = { ...rule, Action: { Count: {} } } as Rule;
  expect(keysIn([counting])).toBeUndefined();
  expect(keysIn([...keyRules(["a"]), counting])).toBeUndefined();
  expect(keysIn([])).toBeUndefined();
});
