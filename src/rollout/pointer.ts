import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import type { AwsClients } from "../aws/clients.ts";
import { releaseKey } from "./history.ts";
import type { Colour, ReleasePointer, ReleaseRecord } from "./records.ts";
import type { StackRecord } from "./stack-record.ts";

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
  await put(place, colour, {
    schema_version: 1,
    release: record.release,
    version: record.version,
    image: record.image,
    record: `${place.prefix}/${releaseKey(record.release)}`,
    ...(to.update === "at-once" ? {} : { update: to.update }),
  });
}

/**
 * Instances that stand idle until they are taken away look at the pointer often: what is released to them next then starts at once.
 * Instances that serve must not, as the account's instances share 40 reads a second.
 */
export async function pacePointer(
  place: PointerPlace,
  colour: Colour,
  pace: "hasty" | "calm",
): Promise<void> {
  const ssm = await place.aws.ssm();
  const answer = await ssm.send(
    new GetParameterCommand({ Name: place.stack.outputs.release_pointers[colour] }),
  );
  const pointer = JSON.parse(answer.Parameter?.Value ?? "{}") as Partial<ReleasePointer>;
  if (pointer.release === undefined) {
    return;
  }
  const { poll_seconds: before, ...calm } = pointer as ReleasePointer;
  const after = pace === "hasty" ? hastySeconds : undefined;
  if (before !== after) {
    await put(place, colour, after === undefined ? calm : { ...calm, poll_seconds: after });
  }
}

async function put(place: PointerPlace, colour: Colour, pointer: ReleasePointer): Promise<void> {
  const ssm = await place.aws.ssm();
  await ssm.send(
    new PutParameterCommand({
      Name: place.stack.outputs.release_pointers[colour],
      Value: JSON.stringify(pointer),
      Overwrite: true,
    }),
  );
}

const hastySeconds = 2;
