import {
  ListCachePoliciesCommand,
  ListDistributionsCommand,
  ListResponseHeadersPoliciesCommand,
  ListVpcOriginsCommand,
} from "@aws-sdk/client-cloudfront";
import type { Question } from "./question.ts";

/**
 * By the names that the templates give, because CloudFront is in no region, and so in no other region's tag index. A stack that never had
 * CloudFront is not asked about: its credentials may not list distributions.
 */
export const cloudfront: Question = {
  service: "cloudfront",
  kinds: ["distribution", "vpcorigin"],
  ask: async (aws, { cloudfrontName: name }) => {
    if (name === undefined) return [];
    const client = await aws.cloudFront();
    const [distributions, origins, caches, headers] = await Promise.all([
      everyPage(async (Marker) => {
        const { DistributionList: list } = await client.send(
          new ListDistributionsCommand({ Marker }),
        );
        return [list?.Items?.map(({ ARN, Comment }) => [ARN, Comment]), list?.NextMarker];
      }),
      everyPage(async (Marker) => {
        const { VpcOriginList: list } = await client.send(new ListVpcOriginsCommand({ Marker }));
        return [list?.Items?.map(({ Arn, Name }) => [Arn, Name]), list?.NextMarker];
      }),
      everyPage(async (Marker) => {
        const { CachePolicyList: list } = await client.send(
          new ListCachePoliciesCommand({ Marker, Type: "custom" }),
        );
        const policies = list?.Items?.map(({ CachePolicy: policy }) => [
          `cache policy ${policy?.CachePolicyConfig?.Name}`,
          policy?.CachePolicyConfig?.Name?.replace(/-[0-9a-f]{8}$/, ""),
        ]);
        return [policies, list?.NextMarker];
      }),
      everyPage(async (Marker) => {
        const { ResponseHeadersPolicyList: list } = await client.send(
          new ListResponseHeadersPoliciesCommand({ Marker, Type: "custom" }),
        );
        const policies = list?.Items?.map(({ ResponseHeadersPolicy: policy }) => [
          `response headers policy ${policy?.ResponseHeadersPolicyConfig?.Name}`,
          policy?.ResponseHeadersPolicyConfig?.Name,
        ]);
        return [policies, list?.NextMarker];
      }),
    ]);
    return [...distributions, ...origins, ...caches, ...headers].flatMap(([phrase, found]) =>
      found === name && phrase !== undefined ? [phrase] : [],
    );
  },
};

/** What to say of a resource, and its name. */
type Named = readonly (string | undefined)[];

async function everyPage(
  read: (
    marker: string | undefined,
  ) => Promise<readonly [readonly Named[] | undefined, string | undefined]>,
): Promise<readonly Named[]> {
  const all: Named[] = [];
  let marker: string | undefined;
  do {
    const [items = [], next] = await read(marker);
    all.push(...items);
    marker = next === "" ? undefined : next;
  } while (marker !== undefined);
  return all;
}
