import { CommandError } from "../../errors/command-error.ts";
import { describeLine } from "../../errors/describe.ts";

/**
 * Repeats work on a bucket for a minute while S3 is busy with the bucket. It answers OperationAborted while another run makes or sets up
 * the same bucket, and NoSuchBucket until a new one is known everywhere (https://github.com/hashicorp/terraform-provider-aws/issues/7628,
 * /issues/33552). The SDK repeats neither. `sleep` takes milliseconds. Throws CommandError when the minute is over, and every other error
 * as it is.
 */
export async function onceSettled(
  sleep: (milliseconds: number) => Promise<void>,
  bucket: string,
  work: () => Promise<void>,
): Promise<void> {
  for (let left = attempts; ; left -= 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof Error) || !unsettled.has(error.name)) {
        throw error;
      }
      if (left === 1) {
        throw new CommandError(`S3 is still busy with the state bucket ${bucket}.`, {
          where: bucket,
          why: describeLine(error),
          next: "wait a few minutes, then run the same command again; the name of a deleted bucket can take an hour",
          cause: error,
        });
      }
      await sleep(pauseMilliseconds);
    }
  }
}

const unsettled = new Set(["OperationAborted", "NoSuchBucket"]);
const attempts = 61;
const pauseMilliseconds = 1000;
