import { PutParameterCommand } from "@aws-sdk/client-ssm";
import type { AwsClients } from "../aws/clients.ts";
import { releaseKey } from "./release-history.ts";
import type { ReleasePointer, ReleaseRecord } from "./records.ts";
import type { StackRecord } from "./stack-record.ts";
import type { Colour } from "../stack/colour.ts";

interface PointerPlace {
  readonly aws: Pick<AwsClients, "ssm">;
  readonly stack: StackRecord;
  /** S3 prefix of the stack in the state bucket. */
  readonly prefix: string;
}

/** Says what the colour's instances are to run from now on. */
export async function writePointer(
  place: PointerPlace,
  colour: Colour,
  to: { readonly record: ReleaseRecord; readonly update: "at-once" | "in-standby" },
): Promise<void> {
  const { record } = to;
  const pointer: ReleasePointer = {
    schema_version: 1,
    release: record.release,
    version: record.version,
    image: record.image,
    record: `${place.prefix}/${releaseKey(record.release)}`,
    // In Standby the next change of the pointer may be the way back, which nobody wants to wait half a minute for.
    ...(to.update === "at-once" ? {} : { update: to.update, poll_seconds: standbySeconds }),
  };
  const ssm = await place.aws.ssm();
  await ssm.send(
    new PutParameterCommand({
      Name: place.stack.outputs.release_pointers[colour],
      Value: JSON.stringify(pointer),
      Overwrite: true,
    }),
  );
}

const standbySeconds = 2;
