import type { Finding } from "../doctor/finding.ts";
import { marks } from "../report/text.ts";
import { placeOf, type Place } from "./parts/place.ts";

/** `doctor --json`. */
export interface DoctorDocument extends Place {
  /** false when a check failed; warnings do not count. */
  readonly healthy: boolean;
  readonly findings: readonly Finding[];
}

export function doctorDocument(
  place: Omit<Place, "schema_version">,
  findings: readonly Finding[],
): DoctorDocument {
  return {
    ...placeOf(place),
    healthy: findings.every(({ state }) => state !== "failed"),
    findings,
  };
}

/** The `doctor` screen: a line for each check, and the next step below those that need one. */
export function doctorText({ name, environment, region, findings }: DoctorDocument): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, state, detail, next }) => [
    `${signs[state]} ${check.padEnd(width)}  ${detail}`,
    ...(next === null ? [] : [`  ${" ".repeat(width)}  next: ${next}`]),
  ]);
  return `${[`${name} (${environment}) in ${region}`, ...lines].join("\n")}\n`;
}

const signs: Readonly<Record<Finding["state"], string>> = {
  ok: marks.done,
  warning: marks.warning,
  failed: marks.failed,
  unknown: "?",
};
