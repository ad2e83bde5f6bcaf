import * as z from "zod/mini";
import { group, key } from "../fields/keys.ts";

/** The logs of the containers and of the boot. */
export interface LogSettings {
  readonly retentionDays: number;
}

const byDefault = { retention: 30 } as const;

export const logs = group("The logs of the containers and of the boot.", {
  retention: key(
    z.literal(
      [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
        3288, 3653,
      ],
      {
        error:
          "a number of days that CloudWatch offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653",
      },
    ),
    "Days that CloudWatch keeps the logs.",
    byDefault.retention,
  ),
});

type LogKeys = NonNullable<z.infer<typeof logs>>;

export function settleLogs(keys: LogKeys = {}): LogSettings {
  return { retentionDays: keys.retention ?? byDefault.retention };
}
