import * as z from "zod/mini";
import type { Colour } from "../stack/colour.ts";
import { beforeReport, type BeforeReport } from "./reports/before-report.ts";
import { containerRecord, type ContainerSettings } from "./container-record.ts";
import { parseDocument } from "./document.ts";
import {
  releaseKinds,
  strategyNames,
  type ReleaseKind,
  type StrategyName,
} from "./rollout-plan.ts";

/** PREFIX/releases/NNNN.json */
export interface ReleaseRecord {
  readonly schema_version: 1;
  readonly release: number;
  /** A restart releases the serving version again. */
  readonly kind: ReleaseKind;
  /** The release number that its instances report: its own, or for a rollback to a running release, that release's. */
  readonly deployment: number;
  /** The release that served before it; null for the first. */
  readonly replaces: { readonly release: number; readonly version: string } | null;
  readonly version: string;
  readonly digest: string;
  readonly image: string;
  readonly colour: Colour;
  readonly who: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly finished: string | null;
  readonly message: string | null;
  /** How its traffic was moved; null for the first release, which moved none. */
  readonly strategy: StrategyName | null;
  /** Why `release.strategy: auto` chose it. Absent: the user chose. */
  readonly strategy_reason?: string;
  readonly outcome: ReleaseOutcome;
  /** Why it failed, or why a later rollback replaced it. */
  readonly reason: string | null;
  /** The rollback that replaced it after it had succeeded. */
  readonly taken_back_by: number | null;
  /** SHA-256 over the build context's files. `up` builds only when it has changed. */
  readonly context_hash: string;
  readonly container: ContainerSettings;
  /** Absent: nothing runs before it. */
  readonly before?: BeforeCommand;
}

/** The configuration's `release.before`, and what happened to it. */
export interface BeforeCommand {
  readonly command: readonly string[];
  readonly timeout_seconds: number;
  /** Absent until it has begun, and in releases that do not run it. */
  readonly result?: BeforeReport & { readonly instance: string };
}

/** "rolled-back" also covers a release that a user rolled back after it had succeeded. */
export type ReleaseOutcome = (typeof outcomes)[number];

const outcomes = [
  "in-progress",
  "succeeded",
  "failed",
  "timed-out",
  "rolled-back",
  "cancelled",
] as const;

export function releaseKey(release: number): string {
  return `releases/${String(release).padStart(4, "0")}.json`;
}

/** Throws CommandError when this version cannot read the document. */
export function parseReleaseRecord(value: unknown, key: string): ReleaseRecord {
  const next = `the bucket is versioned: restore an earlier version of ${key} in the S3 console`;
  return parseDocument(schema, value, { key, next });
}

const before: z.ZodMiniType<BeforeCommand> = z.looseObject({
  command: z.array(z.string()),
  timeout_seconds: z.number(),
  result: z.exactOptional(z.looseObject({ ...beforeReport, instance: z.string() })),
});

const schema: z.ZodMiniType<ReleaseRecord> = z.looseObject({
  schema_version: z.literal(1),
  release: z.int(),
  kind: z.enum(releaseKinds),
  deployment: z.int(),
  replaces: z.nullable(z.looseObject({ release: z.int(), version: z.string() })),
  version: z.string(),
  digest: z.string(),
  image: z.string(),
  colour: z.enum(["blue", "green"]),
  who: z.string(),
  created: z.string(),
  finished: z.nullable(z.string()),
  message: z.nullable(z.string()),
  strategy: z.nullable(z.enum(strategyNames)),
  strategy_reason: z.exactOptional(z.string()),
  outcome: z.enum(outcomes),
  reason: z.nullable(z.string()),
  taken_back_by: z.nullable(z.int()),
  context_hash: z.string(),
  container: containerRecord,
  before: z.exactOptional(before),
});
