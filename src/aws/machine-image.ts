import { DescribeImagesCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { CommandError, exitCodes } from "../errors/command-error.ts";

/**
 * Refuses a machine image that instances could not start from: it is not there, not ready, for another processor, or its root disk has
 * another name than Ubuntu's. Throws CommandError (64).
 */
export async function checkMachineImage(
  ec2: Pick<EC2Client, "send">,
  id: string,
  architecture: "amd64" | "arm64",
): Promise<void> {
  const image = await ec2.send(new DescribeImagesCommand({ ImageIds: [id] })).then(
    ({ Images: [found] = [] }) => found,
    (error: unknown) => {
      if (error instanceof Error && error.name.startsWith("InvalidAMIID.")) return undefined;
      throw error;
    },
  );
  if (image === undefined) {
    throw refusal(
      `There is no machine image ${id} that this account may use in this region.`,
      "name an image of this region; aws ec2 copy-image copies one from another",
    );
  }
  if (image.State !== "available") {
    throw refusal(`The machine image ${id} is ${image.State}.`, "wait until it is available");
  }
  const processor = image.Architecture === "x86_64" ? "amd64" : image.Architecture;
  if (processor !== architecture) {
    throw refusal(
      `The machine image ${id} is for ${processor}, and instances.type for ${architecture}.`,
      `name an image for ${architecture}, or another instances.type`,
    );
  }
  if (image.RootDeviceName !== rootDevice) {
    throw refusal(
      `The root disk of the machine image ${id} is ${image.RootDeviceName}, not ${rootDevice}.`,
      "make the image from Ubuntu, whose root disk has this name: instances.disk would be a second, empty disk",
    );
  }
}

function refusal(message: string, next: string): CommandError {
  const where = "instances.machine_image in infer-deploy.yml";
  return new CommandError(message, { exitCode: exitCodes.usage, where, next });
}

const rootDevice = "/dev/sda1";
