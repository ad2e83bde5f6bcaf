import type { Scaling, SizeChange } from "../../../aws/scaling/read-scaling.ts";
import type { FleetSnapshot } from "../../../release/observe/snapshot.ts";
import type { Colour } from "../../../stack/colour.ts";

/** The size of the colour that serves, and what changes it. */
export interface ScalingStatus {
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  readonly policies: readonly {
    readonly name: string;
    readonly metric: string;
    readonly target: number;
  }[];
  readonly last: SizeChange | null;
}

export function scalingStatus(
  { groups }: Pick<FleetSnapshot, "groups">,
  colour: Colour,
  { policies, last }: Scaling,
): ScalingStatus {
  const { desired, min, max } = groups[colour];
  return { desired, min, max, policies, last };
}

/** `age`: how long ago an ISO 8601 moment was. */
export function scalingLines(
  scaling: ScalingStatus | null,
  age: (moment: string) => string,
): readonly string[] {
  if (scaling === null || scaling.policies.length === 0) return [];
  const { desired, min, max, policies, last } = scaling;
  const rule = policies.map(
    ({ metric, target }) => `${target} ${words[metric] ?? `${metric} each`}`,
  );
  const limit = desired === max ? ", at its limit" : "";
  const change =
    last === null ? "" : `; ${last.from} -> ${last.to} by ${last.by} ${age(last.at)} ago`;
  return [
    `  scaling   ${desired} instances of ${min} to ${max}${limit}, for ${rule.join(" and ")}${change}`,
  ];
}

const words: Readonly<Record<string, string>> = {
  ALBRequestCountPerTarget: "requests a minute each",
  ASGAverageCPUUtilization: "% of the processors",
};
