import type * as z from "zod/mini";
import * as field from "../fields/fields.ts";
import { instanceTypePattern } from "../fields/instance-type.ts";
import { group, key } from "../fields/keys.ts";

/** The machines, for each colour. */
export interface InstanceSettings {
  readonly type: string;
  readonly min: number;
  readonly max: number;
  readonly diskGb: number;
  /** Null for the agent's default: the instance's memory less 512 MB or 5 % for the host, whichever is more. */
  readonly memoryMb: number | null;
}

const byDefault = { type: "t3.small", min: 2, max: 4, disk: 30 } as const;

export const instances = group("The machines, for each colour.", {
  type: key(
    field.text(instanceTypePattern, "an EC2 instance type, such as t3.small or g6.xlarge"),
    "EC2 instance type.",
    byDefault.type,
  ),
  min: key(field.wholeNumber(1, 500, "instances"), "Fewest instances.", byDefault.min),
  max: key(
    field.wholeNumber(1, 500, "instances"),
    "Most instances. Default: 4, or min if that is larger.",
    byDefault.max,
  ),
  disk: key(
    field.wholeNumber(8, 16_384, "GB"),
    "Size of the encrypted root disk in GB; the image must fit twice.",
    byDefault.disk,
  ),
  memory: key(
    field.wholeNumber(64, 33_554_432, "MB"),
    "Memory limit of the container in MB. Default: the instance's memory less 512 MB or 5 %, whichever is more.",
  ),
});

type InstanceKeys = NonNullable<z.infer<typeof instances>>;

export function settleInstances(keys: InstanceKeys = {}): InstanceSettings {
  const min = keys.min ?? byDefault.min;
  return {
    type: keys.type ?? byDefault.type,
    min,
    max: keys.max ?? Math.max(min, byDefault.max),
    diskGb: keys.disk ?? byDefault.disk,
    memoryMb: keys.memory ?? null,
  };
}
