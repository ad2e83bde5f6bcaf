import * as z from "zod/mini";
import { key } from "../../fields/keys.ts";

const allowed = "a day such as 2026-12-31";

export const expires = key(
  z
    .string({ error: allowed })
    .check(z.regex(/^\d{4}-\d{2}-\d{2}$/, { error: allowed }), z.refine(isDay, { error: allowed })),
  "The last day on which the stack is wanted. status and up warn from a week before it; nothing is removed by itself.",
);

/** JavaScript takes February 30 for March 2. */
function isDay(value: string): boolean {
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}
