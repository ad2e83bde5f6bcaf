import {
  CreateOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";
import { unlessGone } from "../unless-gone.ts";

/** The audiences whose tokens a provider accepts; undefined when the account has no such provider. Throws the SDK's own errors. */
export async function providerAudiences(
  iam: Pick<IAMClient, "send">,
  arn: string,
): Promise<readonly string[] | undefined> {
  const found = await unlessGone(
    iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })),
  );
  return found === undefined ? undefined : (found.ClientIDList ?? []);
}

/**
 * Makes the account's provider for GitHub, unless another run has just made it. It has no tags of a stack, because no stack owns it. IAM
 * needs no thumbprint: it trusts the authorities that GitHub's certificate comes from (CreateOpenIDConnectProvider, ThumbprintList).
 */
export async function createGithubProvider(iam: Pick<IAMClient, "send">): Promise<void> {
  await iam
    .send(
      new CreateOpenIDConnectProviderCommand({
        Url: "https://token.actions.githubusercontent.com",
        ClientIDList: ["sts.amazonaws.com"],
        Tags: [{ Key: "infer-deploy:managed-by", Value: "infer-deploy" }],
      }),
    )
    .catch((error: unknown) => {
      if (!(error instanceof Error && error.name.startsWith("EntityAlreadyExists"))) throw error;
    });
}
