import {
  ListCachePoliciesCommand,
  ListDistributionsCommand,
  ListResponseHeadersPoliciesCommand,
  ListVpcOriginsCommand,
} from "@aws-sdk/client-cloudfront";
import { everyItem } from "../../every-item.ts";
import type { Question } from "../question.ts";

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
      everyItem(async (Marker) => {
        const { DistributionList: list } = await client.send(
          new ListDistributionsCommand({ Marker }),
        );
        return {
          items: list?.Items?.map(({ ARN, Comment }): Named => [ARN, Comment]),
          next: list?.NextMarker,
        };
      }),
      everyItem(async (Marker) => {
        const { VpcOriginList: list } = await client.send(new ListVpcOriginsCommand({ Marker }));
        return {
          items: list?.Items?.map(({ Arn, Name }): Named => [Arn, Name]),
          next: list?.NextMarker,
        };
      }),
      everyItem(async (Marker) => {
        const { CachePolicyList: list } = await client.send(
          new ListCachePoliciesCommand({ Marker, Type: "custom" }),
        );
        const items = list?.Items?.map(({ CachePolicy: policy }): Named => {
          const own = policy?.CachePolicyConfig?.Name;
          return [`cache policy ${own}`, own?.replace(/-[0-9a-f]{8}$/, "")];
        });
        return { items, next: list?.NextMarker };
      }),
      everyItem(async (Marker) => {
        const { ResponseHeadersPolicyList: list } = await client.send(
          new ListResponseHeadersPoliciesCommand({ Marker, Type: "custom" }),
        );
        const items = list?.Items?.map(({ ResponseHeadersPolicy: policy }): Named => {
          const own = policy?.ResponseHeadersPolicyConfig?.Name;
          return [`response headers policy ${own}`, own];
        });
        return { items, next: list?.NextMarker };
      }),
    ]);
    return [...distributions, ...origins, ...caches, ...headers].flatMap(([phrase, found]) =>
      found === name && phrase !== undefined ? [phrase] : [],
    );
  },
};

/** What to say of a resource, and its name. */
type Named = readonly [phrase: string | undefined, name: string | undefined];
