import type { Override } from "../config/override.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { refusal } from "../options/option.ts";
import { colours, type Colour } from "../stack/colour.ts";
import { beginsInstance } from "../stack/instance-id.ts";
import type { LogLine } from "./line.ts";

/** Which lines a user wants to see, as typed. */
export interface AskedLines {
  readonly instance: Override | undefined;
  readonly colour: Override | undefined;
  readonly version: string | undefined;
  readonly grep: Override | undefined;
}

export interface Choice {
  /** How the names of the streams begin. */
  readonly prefix: string;
  readonly isWanted: (line: LogLine) => boolean;
}

/** `isCheck`: the lines to hide. Throws CommandError (64) for what no line can match. */
export function chooseLines(
  { instance, colour, version, grep }: AskedLines,
  isCheck: (message: string) => boolean,
): Choice {
  if (instance !== undefined && !beginsInstance(instance.value)) {
    throw refusal(instance, "an instance id, such as those in infer-deploy status");
  }
  const wantedColour = colour === undefined ? undefined : colourOf(colour);
  const pattern = grep === undefined ? undefined : patternOf(grep);
  return {
    prefix: instance?.value ?? "",
    isWanted: (line) =>
      (wantedColour === undefined || line.colour === wantedColour) &&
      (version === undefined || line.version === version) &&
      (pattern === undefined || pattern.test(line.message)) &&
      !isCheck(line.message),
  };
}

function colourOf(asked: Override): Colour {
  const found = colours.find((colour) => colour === asked.value);
  if (found === undefined) throw refusal(asked, "blue or green");
  return found;
}

function patternOf({ origin, value }: Override): RegExp {
  try {
    return new RegExp(value);
  } catch (error) {
    throw new CommandError(`${origin} takes a regular expression, and "${value}" is not that.`, {
      exitCode: exitCodes.usage,
      why: error instanceof Error ? error.message : String(error),
      next: "put a backslash before each of these characters where it is meant literally: \\ ^ $ . * + ? ( ) [ ] { } |",
    });
  }
}
