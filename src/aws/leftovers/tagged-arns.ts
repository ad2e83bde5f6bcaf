import {
  GetResourcesCommand,
  type ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { parseArn, type Arn } from "./arn.ts";
import { tagKeys, type SoughtStack } from "./question.ts";

/**
 * What AWS's tag index lists of a stack in the region. The index is a copy: it lists "tagged or previously tagged resources", for hours
 * after some were deleted (Resource Groups Tagging API, GetResources).
 */
export async function taggedArns(
  tagging: Pick<ResourceGroupsTaggingAPIClient, "send">,
  { name, environment }: Pick<SoughtStack, "name" | "environment">,
): Promise<readonly Arn[]> {
  const arns: Arn[] = [];
  let token: string | undefined;
  do {
    const page = await tagging.send(
      new GetResourcesCommand({
        TagFilters: [
          { Key: tagKeys.name, Values: [name] },
          { Key: tagKeys.environment, Values: [environment] },
        ],
        PaginationToken: token,
      }),
    );
    const found = page.ResourceTagMappingList ?? [];
    arns.push(...found.map(({ ResourceARN }) => parseArn(ResourceARN ?? "")));
    token = page.PaginationToken === "" ? undefined : page.PaginationToken;
  } while (token !== undefined);
  return arns;
}
