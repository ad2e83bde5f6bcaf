import * as z from "zod/mini";

/** How far the command of `release.before` is. */
export interface BeforeReport {
  readonly attempt: number;
  readonly state: "running" | "succeeded" | "failed";
  /** Null while it runs, and when it could not be started. */
  readonly exit_code: number | null;
  /** How long it ran; null while it runs, and when it could not be started. */
  readonly seconds: number | null;
}

/** The keys of a BeforeReport in a document. */
export const beforeReport = {
  attempt: z.int(),
  state: z.enum(["running", "succeeded", "failed"]),
  exit_code: z.nullable(z.int()),
  seconds: z.nullable(z.number()),
};
