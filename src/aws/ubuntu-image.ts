import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { CommandError } from "../errors/command-error.ts";

/**
 * The AMI id of the current Ubuntu 24.04 LTS, from Canonical's public parameter.
 * Source: https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/
 */
export async function latestUbuntuImage(
  ssm: Pick<SSMClient, "send">,
  architecture: "amd64" | "arm64",
): Promise<string> {
  const name = `/aws/service/canonical/ubuntu/server/24.04/stable/current/${architecture}/hvm/ebs-gp3/ami-id`;
  const answer = await ssm.send(new GetParameterCommand({ Name: name })).catch((cause: unknown) => {
    throw new CommandError("The current Ubuntu image cannot be looked up.", {
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
