import type { LogLine } from "../logs/line.ts";
import { placeOf, type Place } from "./parts/place.ts";
import type { StackRecord } from "../state/stack-record.ts";

/** One line of `logs --json`. */
export interface LogDocument extends Place, Omit<LogLine, "at"> {
  /** When it was written, by the instance's clock: ISO 8601, UTC. */
  readonly at: string;
}

export function logDocument(stack: StackRecord, { at, ...line }: LogLine): LogDocument {
  return { ...placeOf(stack), at: new Date(at).toISOString(), ...line };
}

/** The time, the instance, its colour and the version come first, so that grep and sort work. */
export function logText({ at, instance, colour, version, message }: LogLine): string {
  const time = new Date(at).toISOString();
  const place = [instance, colour ?? "-", version ?? "boot"].join(" ");
  return `${time} ${place}  ${message}\n`;
}
