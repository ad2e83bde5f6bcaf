import { exitCodes } from "../../errors/command-error.ts";
import { completeCommands } from "../../errors/printed-commands.ts";
import type { StatusDocument } from "../status/status.ts";
import { unconfirmedLines } from "./alerts.ts";
import { expiryText } from "./expiry.ts";
import { domainWarnings } from "./place.ts";
import { table } from "./table.ts";

/** One environment of the file: its status, or why there is none. */
export interface StackSight {
  readonly environment: string;
  readonly region: string;
  readonly status: StatusDocument | null;
  readonly error: {
    readonly message: string;
    readonly why: string | null;
    readonly next: string | null;
    /** With which `status` of this environment alone ends. */
    readonly exit_code: number;
  } | null;
}

/** `status --all --json`. Within one schema_version, no key is removed or changes its meaning. */
export interface OverviewDocument {
  readonly schema_version: 1;
  readonly name: string;
  /** Whether every stack could be read and is healthy. */
  readonly healthy: boolean;
  /** In the order of the file. */
  readonly stacks: readonly StackSight[];
}

export function overviewDocument(name: string, stacks: readonly StackSight[]): OverviewDocument {
  const healthy = stacks.every(({ status }) => status?.healthy === true);
  return { schema_version: 1, name, healthy, stacks };
}

/** The worst of the stacks' exit codes. */
export function overviewExitCode({ stacks }: OverviewDocument): number {
  return Math.max(
    ...stacks.map(
      ({ status, error }) =>
        error?.exit_code ?? (status?.healthy === true ? exitCodes.done : exitCodes.failed),
    ),
  );
}

/**
 * A line for each stack, then its warnings and errors. `typed`: the command line after the program; the commands that are printed choose
 * the environment instead of all.
 */
export function overviewText(
  { name, stacks }: OverviewDocument,
  now: Date,
  typed: readonly string[],
): string {
  const notes = stacks.map((stack) => notesOf(stack, now));
  const rows = stacks.map((stack, index) => rowOf(stack, notes[index]?.length ?? 0));
  const lines = stacks.flatMap(({ environment }, index) => {
    const alone = [...typed.filter((word) => word !== "--all"), "--environment", environment];
    return (notes[index] ?? []).map((note) => `  ${environment}: ${completeCommands(note, alone)}`);
  });
  return [
    `${name}\n`,
    table([heads, ...rows]),
    ...(lines.length === 0 ? [] : [`\n${lines.join("\n")}\n`]),
  ].join("");
}

const heads = ["environment", "region", "address", "version", "healthy", "in progress", "warnings"];

function rowOf({ environment, region, status }: StackSight, warnings: number): readonly string[] {
  if (status === null) return [environment, region, "-", "-", "UNKNOWN", "-", String(warnings)];
  const { url, active, healthy, rollout } = status;
  return [
    environment,
    region,
    url,
    active?.version ?? "none",
    healthy ? "yes" : "NO",
    rollout === null ? "-" : `${rollout.version}, ${rollout.step}`,
    String(warnings),
  ];
}

/** What needs attention. */
function notesOf({ status, error }: StackSight, now: Date): readonly string[] {
  if (error !== null) {
    const why = error.why === null ? "" : ` (${error.why})`;
    const next = error.next === null ? "" : `; next: ${error.next}`;
    return [`${error.message.replace(/\.$/, "")}${why}${next}`];
  }
  if (status === null) return [];
  const { address, alarms, domains, expires, healthy, rollout } = status;
  const expiry = expiryText(expires, now);
  return [
    ...(healthy ? [] : [`NOT HEALTHY: ${address}`]),
    ...(rollout?.state === "unfinished"
      ? [
          `release ${rollout.release} (${rollout.version}) was interrupted at "${rollout.step}"; infer-deploy rollback undoes it, the next release repairs it first`,
        ]
      : []),
    ...alarms.filter(({ state }) => state === "ALARM").map((one) => `alarm ${one.name} is on`),
    ...domains.flatMap(domainWarnings),
    ...unconfirmedLines(status.unconfirmed_emails),
    ...(expiry === undefined ? [] : [expiry]),
  ];
}
