import type { Image } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { awsFailure } from "../../test/_helpers/aws-failure.ts";
import { checkMachineImage } from "./machine-image.ts";

const id = "ami-0123456789abcdef0";
const disk = (gigabytes: number): Pick<Image, "BlockDeviceMappings"> => ({
  BlockDeviceMappings: [
    { DeviceName: "/dev/sdb", VirtualName: "ephemeral0" },
    { DeviceName: "/dev/sda1", Ebs: { VolumeSize: gigabytes } },
  ],
});
const good: Image = {
  State: "available",
  Architecture: "x86_64",
  RootDeviceName: "/dev/sda1",
  ...disk(30),
};

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

test("a disk that is smaller than the image's is refused with the size that it needs", async () => {
  await expect(check({ ...good, ...disk(75) })).rejects.toMatchObject({
    message: `The machine image ${id} has a disk of 75 GB, and instances.disk is 30 GB.`,
    exitCode: 64,
    where: "instances.disk in infer-deploy.yml",
    next: expect.stringContaining("at least 75") as string,
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
  return checkMachineImage({ send } as never, { id, architecture: "amd64", diskGb: 30 });
}
