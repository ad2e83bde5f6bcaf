import { DescribeImagesCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { CommandError, exitCodes } from "../errors/command-error.ts";

/** What instances start from. */
export interface MachineImage {
  readonly id: string;
  readonly architecture: "amd64" | "arm64";
  /** Of the instances' root disk. */
  readonly diskGb: number;
}

/**
 * Refuses a machine image that instances could not start from: it is not there, not ready, for another processor, its root disk has
 * another name than Ubuntu's, or is larger than the instances'. Throws CommandError (64).
 */
export async function checkMachineImage(
  ec2: Pick<EC2Client, "send">,
  { id, architecture, diskGb }: MachineImage,
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
  const root = image.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === rootDevice);
  const least = root?.Ebs?.VolumeSize ?? 0;
  if (least > diskGb) {
    throw refusal(
      `The machine image ${id} has a disk of ${least} GB, and instances.disk is ${diskGb} GB.`,
      `set instances.disk to at least ${least}; the container's image must fit twice in addition`,
      "instances.disk in infer-deploy.yml",
    );
  }
}

function refusal(
  message: string,
  next: string,
  where = "instances.machine_image in infer-deploy.yml",
): CommandError {
  return new CommandError(message, { exitCode: exitCodes.usage, where, next });
}

const rootDevice = "/dev/sda1";
