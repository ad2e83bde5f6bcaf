import { GetRuleGroupCommand, GetWebACLCommand, type WAFV2Client } from "@aws-sdk/client-wafv2";
import { thatExist, type Question } from "../question.ts";

/** Web ACLs, and the rule groups of API keys. */
export const webAcls: Question = {
  service: "wafv2",
  // ARNs end in regional/webacl/NAME/ID or regional/rulegroup/NAME/ID.
  kinds: ["regional"],
  ask: async (aws, _stack, listed) => {
    if (listed.length === 0) return [];
    const waf = await aws.waf();
    return thatExist(listed, async ({ id }) => {
      const [kind, Name, Id] = id.split("/");
      try {
        return await isThere(waf, kind, { Name, Id, Scope: "REGIONAL" });
      } catch (error) {
        if (error instanceof Error && error.name === "WAFNonexistentItemException") return false;
        throw error;
      }
    });
  },
};

async function isThere(
  waf: Pick<WAFV2Client, "send">,
  kind: string | undefined,
  which: {
    readonly Name: string | undefined;
    readonly Id: string | undefined;
    readonly Scope: "REGIONAL";
  },
): Promise<boolean> {
  if (kind === "rulegroup") {
    return (await waf.send(new GetRuleGroupCommand(which))).RuleGroup !== undefined;
  }
  return (await waf.send(new GetWebACLCommand(which))).WebACL !== undefined;
}
