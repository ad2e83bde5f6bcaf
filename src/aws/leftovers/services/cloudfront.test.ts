import { expect, test } from "vitest";
import { nameStack } from "../../../stack/names.ts";
import type { AwsClients } from "../../clients.ts";
import { cloudfront } from "./cloudfront.ts";

const stack = {
  name: "app",
  environment: "production",
  region: "eu-west-1",
  names: nameStack("app", "production", "eu-west-1"),
  domain: null,
};
const name = "app-production-eu-west-1";

/** An account with each kind of resource of this name, all on the second page of the service's list. */
function accountWith(found: string): AwsClients {
  const items: Readonly<Record<string, readonly [string, object]>> = {
    ListDistributions: ["DistributionList", { ARN: "arn:distribution", Comment: found }],
    ListVpcOrigins: ["VpcOriginList", { Arn: "arn:vpcorigin", Name: found }],
    ListCachePolicies: [
      "CachePolicyList",
      { CachePolicy: { CachePolicyConfig: { Name: `${found}-0123abcd` } } },
    ],
    ListResponseHeadersPolicies: [
      "ResponseHeadersPolicyList",
      { ResponseHeadersPolicy: { ResponseHeadersPolicyConfig: { Name: found } } },
    ],
  };
  const send = async (command: { readonly input: { readonly Marker?: string } }) => {
    const [list = "", item] = items[command.constructor.name.replace("Command", "")] ?? [];
    return {
      [list]: command.input.Marker === "2" ? { Items: [item] } : { Items: [], NextMarker: "2" },
    };
  };
  return { cloudFront: async () => ({ send }) } as unknown as AwsClients;
}

test("every kind is found by the stack's name in CloudFront, on every page", async () => {
  expect(await cloudfront.ask(accountWith(name), { ...stack, cloudfrontName: name }, [])).toEqual([
    "arn:distribution",
    "arn:vpcorigin",
    `cache policy ${name}-0123abcd`,
    `response headers policy ${name}`,
  ]);
});

test("what another stack or another region has is not the stack's", async () => {
  for (const other of ["app-production-eu-west-2", "app-productionx-eu-west-1"]) {
    expect(
      await cloudfront.ask(accountWith(other), { ...stack, cloudfrontName: name }, []),
    ).toEqual([]);
  }
});

test("a stack without CloudFront asks it nothing", async () => {
  expect(await cloudfront.ask({} as AwsClients, stack, [])).toEqual([]);
});
