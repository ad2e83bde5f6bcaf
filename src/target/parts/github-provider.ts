import { createGithubProvider, providerAudiences } from "../../aws/account/github-provider.ts";
import { partitionOf } from "../../aws/identity.ts";
import type { GithubProvider } from "../../infrastructure/github-provider.ts";
import { githubProviderArn } from "../../permissions/role-permissions.ts";
import type { Target } from "../target.ts";

/** The provider of the target's account. */
export function githubProvider({
  aws,
  identity,
}: Pick<Target, "aws" | "identity">): GithubProvider {
  const arn = githubProviderArn({ account: identity.account, partition: partitionOf(identity) });
  return {
    arn,
    audiences: async () => providerAudiences(await aws.iam(), arn),
    create: async () => createGithubProvider(await aws.iam()),
  };
}
