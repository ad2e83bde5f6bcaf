import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { CommandError } from "../errors/command-error.ts";

/** Canonical's Ubuntu, or AWS's Ubuntu with NVIDIA's driver, the container toolkit and Docker. */
export type ImageKind = "ubuntu" | "gpu";

/** The AMI id of the current Ubuntu 24.04 LTS of this kind, from its maker's public parameter. Throws CommandError. */
export async function newestMachineImage(
  ssm: Pick<SSMClient, "send">,
  architecture: "amd64" | "arm64",
  kind: ImageKind,
): Promise<string> {
  const name = parameters[kind][architecture];
  const answer = await ssm.send(new GetParameterCommand({ Name: name })).catch((cause: unknown) => {
    throw new CommandError("The current machine image cannot be looked up.", {
      where: `SSM parameter ${name}`,
      cause,
      next: "check that the credentials may call ssm:GetParameter in this region",
    });
  });
  const id = answer.Parameter?.Value ?? "";
  if (!/^ami-[0-9a-f]+$/.test(id)) {
    throw new CommandError(`AWS answered "${id}" instead of the id of an image.`, {
      where: `SSM parameter ${name}`,
    });
  }
  return id;
}

const ubuntu = "/aws/service/canonical/ubuntu/server/24.04/stable/current";
const deepLearning = "/aws/service/deeplearning/ami";
const withDriver = "base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id";

/**
 * https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/ and
 * https://docs.aws.amazon.com/dlami/latest/devguide/find-dlami-id.html
 */
const parameters: Readonly<Record<ImageKind, Readonly<Record<"amd64" | "arm64", string>>>> = {
  ubuntu: {
    amd64: `${ubuntu}/amd64/hvm/ebs-gp3/ami-id`,
    arm64: `${ubuntu}/arm64/hvm/ebs-gp3/ami-id`,
  },
  gpu: {
    amd64: `${deepLearning}/x86_64/${withDriver}`,
    arm64: `${deepLearning}/arm64/${withDriver}`,
  },
};
