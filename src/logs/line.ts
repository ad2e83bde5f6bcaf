import type { LogEvent } from "../aws/logs/read-events.ts";
import { colours, type Colour } from "../stack/colour.ts";

/** A line of a container or of an instance's start, and where it is from. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly instance: string;
  /** Null where the stream does not say it. */
  readonly colour: Colour | null;
  /** Null before a release runs: during the boot. */
  readonly version: string | null;
  readonly message: string;
}

/** The agent names its streams INSTANCE/COLOUR/VERSION, and INSTANCE/COLOUR during the boot. On a single machine each slot has its own instance id. */
export function lineOf({ at, message, stream }: LogEvent): LogLine {
  const [slot = "", name, version] = stream.split("/");
  const colour = colours.find((one) => one === name) ?? null;
  const instance = slot.replace(/-(blue|green)$/, "");
  // Docker adds the line break that ended the line.
  return {
    at,
    instance,
    colour,
    version: version ?? null,
    message: message.replace(/\r?\n$/, ""),
  };
}
