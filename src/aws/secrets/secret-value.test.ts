import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { secretValueOf } from "./secret-value.ts";

async function read(answer: object | Error): Promise<string | undefined> {
  const send = async () => {
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return secretValueOf({ send }, "a");
}

test("a secret's value", async () => {
  expect(await read({ SecretString: "text" })).toBe("text");
});

test.each([
  ["is not there", "ResourceNotFoundException", "Secrets Manager can't find the secret."],
  [
    "is being deleted",
    "InvalidRequestException",
    "You can't perform this operation on the secret because it was marked for deletion.",
  ],
])("a secret that %s has none", async (_, name, message) => {
  expect(await read(awsFailure(name, message))).toBeUndefined();
});

test("another refusal is reported", async () => {
  const denied = awsFailure("AccessDeniedException", "not you");
  await expect(read(denied)).rejects.toBe(denied);
});
