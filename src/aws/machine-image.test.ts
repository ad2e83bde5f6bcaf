import type { Image } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { awsFailure } from "../../test/_helpers/aws-failure.ts";
import { checkMachineImage } from "./machine-image.ts";

const id = "ami-0123456789abcdef0";
const good: Image = { State: "available", Architecture: "x86_64", RootDeviceName: "/dev/sda1" };

test("an image from which instances can start", async () => {
  await expect(check(good)).resolves.toBeUndefined();
});

test.each<[string, Image | Error, string]>([
  ["is not there", awsFailure("InvalidAMIID.NotFound", "no"), "There is no machine image"],
  ["was deregistered", awsFailure("InvalidAMIID.Unavailable", "no"), "There is no machine image"],
  ["is not ready", { ...good, State: "pending" }, "is pending"],
  ["is for Arm", { ...good, Architecture: "arm64" }, "is for arm64, and instances.type for amd64"],
  [
    "has another root disk",
    { ...good, RootDeviceName: "/dev/xvda" },
    "is /dev/xvda, not /dev/sda1",
  ],
])("an image that %s is refused as a mistake in the configuration", async (_, answer, message) => {
  await expect(check(answer)).rejects.toMatchObject({
    message: expect.stringContaining(message) as string,
    exitCode: 64,
    where: "instances.machine_image in infer-deploy.yml",
  });
});

test("AWS's other refusals are passed on", async () => {
  const refusal = awsFailure("UnauthorizedOperation", "not allowed");
  await expect(check(refusal)).rejects.toBe(refusal);
});

async function check(answer: Image | Error): Promise<void> {
  const send = async (): Promise<object> => {
    if (answer instanceof Error) throw answer;
    return { Images: [answer] };
  };
  return checkMachineImage({ send } as never, id, "amd64");
}
