import { expect, test } from "vitest";
import { awsFailure } from "../../../../test/_helpers/aws-failure.ts";
import { nameStack } from "../../../stack/names.ts";
import type { AwsClients } from "../../clients.ts";
import { parseArn } from "../arn.ts";
import { webAcls } from "./web-acls.ts";

const base = "arn:aws:wafv2:eu-west-1:123456789012:regional";
const listed = [`${base}/webacl/app-production/1`, `${base}/rulegroup/app-production/2`];

const stack = {
  name: "app",
  environment: "production",
  region: "eu-west-1",
  names: nameStack("app", "production", "eu-west-1"),
  domain: null,
};

/** AWS WAF with these ids. A web ACL's id is no rule group's. */
function account(ids: readonly string[]) {
  const send = async ({ input, constructor }: { readonly input: { readonly Id: string } }) => {
    const kind = constructor.name === "GetRuleGroupCommand" ? "RuleGroup" : "WebACL";
    const id = kind === "RuleGroup" ? "2" : "1";
    if (input.Id === id && ids.includes(id)) return { [kind]: {} };
    throw awsFailure("WAFNonexistentItemException", "no such item");
  };
  return { waf: async () => ({ send }) } as unknown as AwsClients;
}

test.each([
  [["1", "2"], listed],
  [["2"], listed.slice(1)],
  [[], []],
])("of the web ACL and the rule group that the index lists, AWS WAF has %j", async (ids, left) => {
  expect(await webAcls.ask(account(ids), stack, listed.map(parseArn))).toEqual(left);
});
