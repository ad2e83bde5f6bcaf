import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { createGithubProvider, providerAudiences } from "./github-provider.ts";

const arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";

/** IAM, which answers each command by its name; an error is thrown. */
function iam(answers: Readonly<Record<string, object>>) {
  const inputs: unknown[] = [];
  const send = async (command: { readonly input: unknown }) => {
    inputs.push(command.input);
    const answer = answers[command.constructor.name.replace(/Command$/, "")] ?? {};
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { inputs, send: send as never };
}

test("the provider is found by its ARN, or is not there", async () => {
  const there = iam({ GetOpenIDConnectProvider: { ClientIDList: ["sts.amazonaws.com"] } });
  expect(await providerAudiences(there, arn)).toEqual(["sts.amazonaws.com"]);
  expect(there.inputs).toEqual([{ OpenIDConnectProviderArn: arn }]);
  const gone = awsFailure("NoSuchEntityException", "not here");
  expect(await providerAudiences(iam({ GetOpenIDConnectProvider: gone }), arn)).toBeUndefined();
  const denied = awsFailure("AccessDenied", "not you");
  await expect(providerAudiences(iam({ GetOpenIDConnectProvider: denied }), arn)).rejects.toBe(
    denied,
  );
});

test("a new one takes AWS's audience and belongs to no stack", async () => {
  const client = iam({});
  await createGithubProvider(client);
  expect(client.inputs).toEqual([
    {
      Url: "https://token.actions.githubusercontent.com",
      ClientIDList: ["sts.amazonaws.com"],
      Tags: [{ Key: "infer-deploy:managed-by", Value: "infer-deploy" }],
    },
  ]);
});

test("another run that has just made it is no failure, a refusal is", async () => {
  const taken = awsFailure("EntityAlreadyExistsException", "taken");
  await createGithubProvider(iam({ CreateOpenIDConnectProvider: taken }));
  const denied = awsFailure("AccessDenied", "not you");
  await expect(createGithubProvider(iam({ CreateOpenIDConnectProvider: denied }))).rejects.toBe(
    denied,
  );
});
