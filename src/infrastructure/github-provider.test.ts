import { expect, test } from "vitest";
import { listener } from "../../test/_helpers/listener.ts";
import { checkProvider, ensureProvider } from "./github-provider.ts";

const arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
const place = "infer-deploy.yml:8:1";

/** An account with a provider of these audiences, or without one. */
function account(audiences: readonly string[] | undefined) {
  const made: string[] = [];
  return {
    made,
    provider: {
      arn,
      audiences: async () => (made.length > 0 ? made : audiences),
      create: async () => void made.push("sts.amazonaws.com"),
    },
  };
}

test("a provider that is there is used as it is", async () => {
  const { provider, made } = account(["other", "sts.amazonaws.com"]);
  const reporter = listener(false);
  await checkProvider(provider, reporter, place);
  await ensureProvider(provider);
  expect(made).toEqual([]);
  expect(reporter.events).toEqual([]);
});

test("without one, it is announced and then made once", async () => {
  const { provider, made } = account(undefined);
  const reporter = listener(false);
  await checkProvider(provider, reporter, place);
  expect(made).toEqual([]);
  expect(reporter.events).toEqual([
    { type: "note", text: expect.stringContaining("destroy leaves") },
  ]);
  await ensureProvider(provider);
  await ensureProvider(provider);
  expect(made).toEqual(["sts.amazonaws.com"]);
});

test("one that refuses the workflows' tokens is refused with the command that corrects it", async () => {
  const { provider } = account(["https://github.com/octo-org"]);
  await expect(checkProvider(provider, listener(false), place)).rejects.toMatchObject({
    exitCode: 64,
    where: `github (${place})`,
    why: expect.stringContaining("it accepts https://github.com/octo-org;"),
    next: `aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${arn} --client-id sts.amazonaws.com`,
  });
});
