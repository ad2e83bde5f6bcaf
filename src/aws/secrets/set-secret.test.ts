import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { listSecrets, secretVersions } from "./list-secrets.ts";
import { setSecret } from "./set-secret.ts";

type State = "absent" | "there" | "leaving" | "being deleted";

/** One name in Secrets Manager. What is being deleted is gone after the second pause. */
function manager(state: State) {
  let now = state;
  let pauses = 0;
  const calls: string[] = [];
  const scheduled = awsFailure(
    "InvalidRequestException",
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
  const gone = awsFailure("ResourceNotFoundException", "Secrets Manager can't find it");
  const client = {
    send: async (command: { readonly input: unknown }) => {
      const call = command.constructor.name.replace(/Command$/, "");
      calls.push(call);
      if (call === "RestoreSecret") {
        if (now === "being deleted") throw gone;
        now = "there";
        return {};
      }
      if (call === "PutSecretValue" && now === "absent") throw gone;
      if (now === "leaving" || now === "being deleted") throw scheduled;
      now = "there";
      return { VersionId: "v1" };
    },
  } as unknown as Parameters<typeof setSecret>[0];
  const sleep = async (): Promise<void> => {
    pauses += 1;
    if (pauses === 2 && now === "being deleted") now = "absent";
  };
  const set = async () => setSecret(client, { name: "a", value: "canary", tags: {} }, sleep);
  return { set, calls, pauses: () => pauses };
}

test.each([
  ["absent", true, ["PutSecretValue", "CreateSecret"]],
  ["there", false, ["PutSecretValue"]],
  ["leaving", false, ["PutSecretValue", "RestoreSecret", "PutSecretValue"]],
] as const)("a secret that is %s", async (state, created, calls) => {
  const one = manager(state);
  expect(await one.set()).toEqual({ version: "v1", created });
  expect(one.calls).toEqual(calls);
});

test("a name that Secrets Manager still deletes is waited for, as after a destroy", async () => {
  const one = manager("being deleted");
  expect(await one.set()).toEqual({ version: "v1", created: true });
  expect(one.pauses()).toBe(2);
});

test("what Secrets Manager refuses for another reason is reported", async () => {
  const refused = awsFailure("LimitExceededException", "too many");
  const client = { send: async () => Promise.reject(refused) } as never;
  await expect(
    setSecret(client, { name: "a", value: "b", tags: {} }, async () => undefined),
  ).rejects.toBe(refused);
});

test("the list has every page, names without the prefix, and no other stack's", async () => {
  const entry = (Name: string, stages: Readonly<Record<string, readonly string[]>>) => ({
    Name,
    ARN: `arn:${Name}`,
    SecretVersionsToStages: stages,
    LastChangedDate: new Date("2026-01-01T00:00:00Z"),
  });
  const client = {
    send: async ({ input }: { readonly input: { readonly NextToken?: string } }) =>
      input.NextToken === undefined
        ? { SecretList: [entry("p/B", { 2: ["AWSCURRENT"], 1: ["AWSPREVIOUS"] })], NextToken: "2" }
        : { SecretList: [entry("p/A", {}), entry("other/A", {})] },
  } as unknown as Parameters<typeof listSecrets>[0];
  const changed = "2026-01-01T00:00:00.000Z";
  expect(await listSecrets(client, "p/")).toEqual([
    { name: "A", arn: "arn:p/A", version: null, previous: null, changed, isLeaving: false },
    { name: "B", arn: "arn:p/B", version: "2", previous: "1", changed, isLeaving: false },
  ]);
});

test("a secret that is gone has no versions", async () => {
  const gone = awsFailure("ResourceNotFoundException", "gone");
  expect(
    await secretVersions({ send: async () => Promise.reject(gone) } as never, "arn:a"),
  ).toEqual([]);
});
