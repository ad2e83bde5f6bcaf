import type * as z from "zod/mini";
import { secondsOf } from "../fields/time/duration.ts";
import * as field from "../fields/fields.ts";
import { group, key } from "../fields/keys.ts";
import { words } from "./fleet/container.ts";

/** A command that runs once in a new version's container, before the version starts on any instance. */
export interface BeforeSettings {
  readonly command: readonly string[];
  readonly timeoutSeconds: number;
}

const byDefault = { timeout: "10m" } as const;

/** The longest that `release.before.timeout` may be, in seconds. */
const longest = 6 * 3600;

export const before = group(
  "A command that runs once for each release, in a container of the new version, before that version starts. When it fails, the release ends and no traffic has moved.",
  {
    command: key(
      words("[python, migrate.py]"),
      "The command and its arguments. It runs in place of the image's ENTRYPOINT and CMD, with env, secrets and the limits of the container. Default: nothing runs.",
    ),
    timeout: key(
      field.duration(1, longest),
      "Time that the command may take. After it the command is stopped, and the release fails.",
      byDefault.timeout,
    ),
  },
);

/** A map without a command has an empty one, which a check refuses: an environment may set one of the two keys. */
export function settleBefore(keys: z.infer<typeof before> | undefined): BeforeSettings | null {
  return keys === undefined
    ? null
    : {
        command: keys.command ?? [],
        timeoutSeconds: secondsOf(keys.timeout ?? byDefault.timeout),
      };
}
