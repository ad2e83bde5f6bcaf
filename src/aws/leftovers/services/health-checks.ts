import {
  ListHealthChecksCommand,
  ListTagsForResourcesCommand,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import { everyItem } from "../../every-item.ts";
import { hasTags, type Question } from "../question.ts";

/**
 * By their tags. They are in no region, so the tag index of the stack's region does not have them. The credentials of a stack without them may
 * not look.
 */
export const healthChecks: Question = {
  service: "route53",
  kinds: ["healthcheck"],
  ask: async (aws, stack) => {
    if (stack.healthCheckRegion === undefined) return [];
    const route53 = await aws.route53();
    const ids = await listIds(route53);
    const left: string[] = [];
    for (let start = 0; start < ids.length; start += batch) {
      const { ResourceTagSets = [] } = await route53.send(
        new ListTagsForResourcesCommand({
          ResourceType: "healthcheck",
          ResourceIds: ids.slice(start, start + batch),
        }),
      );
      const ours = ResourceTagSets.filter(
        ({ Tags = [] }) =>
          hasTags(stack, Tags) &&
          Tags.some(({ Key, Value }) => Key === regionTag && Value === stack.healthCheckRegion),
      );
      left.push(...ours.map(({ ResourceId }) => `Route53 health check ${ResourceId}`));
    }
    return left;
  },
};

async function listIds(route53: Pick<Route53Client, "send">): Promise<readonly string[]> {
  const checks = await everyItem(async (Marker) => {
    const page = await route53.send(new ListHealthChecksCommand({ Marker }));
    return { items: page.HealthChecks, next: page.NextMarker };
  });
  return checks.flatMap(({ Id }) => (Id === undefined ? [] : [Id]));
}

/** In templates/terraform/modules/health-checks: the same stack may be in another region. */
const regionTag = "infer-deploy:region";

/** ListTagsForResources takes ten ids. */
const batch = 10;
