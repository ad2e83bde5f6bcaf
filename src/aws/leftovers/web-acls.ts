import { GetWebACLCommand } from "@aws-sdk/client-wafv2";
import { thatExist, type Question } from "./question.ts";

export const webAcls: Question = {
  service: "wafv2",
  // ARNs end in regional/webacl/NAME/ID.
  kinds: ["regional"],
  ask: async (aws, _stack, listed) => {
    if (listed.length === 0) return [];
    const waf = await aws.waf();
    return thatExist(listed, async ({ id }) => {
      const [, Name, Id] = id.split("/");
      try {
        const answer = await waf.send(new GetWebACLCommand({ Name, Id, Scope: "REGIONAL" }));
        return answer.WebACL !== undefined;
      } catch (error) {
        if (error instanceof Error && error.name === "WAFNonexistentItemException") return false;
        throw error;
      }
    });
  },
};
