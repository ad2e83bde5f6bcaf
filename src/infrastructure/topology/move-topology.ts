import type { HeldLock } from "../../lock/acquire-lock.ts";
import type { Clock } from "../../process/clock.ts";
import { addressQuestion } from "../../release/observe/address.ts";
import { recover } from "../../release/recover.ts";
import type { Session } from "../../release/session.ts";
import { lastGoodRelease, readReleases } from "../../state/release-history.ts";
import {
  readStackRecord,
  topologyOf,
  type AppliedFacts,
  type StackRecord,
} from "../../state/stack-record.ts";
import type { DesiredSources } from "../desired.ts";
import { provideCaddy, type CaddyDeps } from "../door/provide-caddy.ts";
import { refuseMove } from "../checks/refuse-move.ts";
import { refuseOutage } from "../checks/refuse-outage.ts";
import { provision, type ProvisionDeps } from "../provision.ts";
import { resolveBeside } from "./resolve-beside.ts";
import { awaitOldAnswers } from "./await-old-answers.ts";
import { checkMove, wayTo } from "./check-move.ts";
import { startBeside } from "./start-beside.ts";
import { movingText } from "./text.ts";

export interface MoveDeps extends ProvisionDeps {
  readonly clock: Clock;
  readonly sources: DesiredSources;
  /** Throws CommandError (64) when the domain could not work. */
  readonly checkDomain: () => Promise<void>;
  /** Throws CommandError (64) when the configuration names a secret that does not exist. */
  readonly checkSecrets: () => Promise<void>;
  /** Throws CommandError when the configuration's model is not there, may not be read or does not fit on the disk. */
  readonly checkModel: () => Promise<void>;
  /** Warns of quotas and zones that would stop new parts. Never throws. */
  readonly warnOfQuotas: () => Promise<void>;
  readonly takeLock: () => Promise<Pick<HeldLock, "release">>;
  /** Asks the stack's own load balancer or machine: a shared domain may lead to another region. */
  readonly fetchOwn: (applied: AppliedFacts) => typeof fetch;
  /** What releases do with the parts that a record's outputs name. */
  readonly openSession: (stack: StackRecord) => Promise<Session>;
  /** Whether the names lead elsewhere, so that one machine ends each connection with its answer. A load balancer knows nothing like it. */
  readonly setLeaving: (stack: StackRecord, isLeaving: boolean) => Promise<void>;
  /** Caddy for one machine; undefined for a fleet. */
  readonly caddy: CaddyDeps | undefined;
}

/**
 * Moves a stack that serves to the topology of the configuration, without a request lost: its parts are built next to the present ones and
 * start the same release, then the names lead to them, and those who still have the old address are waited for. The caller then applies the stack
 * without the old parts. Resolves to whether anything moved. A run that was interrupted is continued.
 * Throws CommandError; until the names have moved, the present parts serve.
 */
export async function moveTopology(
  deps: MoveDeps,
  { refreshAmi }: { readonly refreshAmi: boolean },
): Promise<boolean> {
  const { config, store } = deps;
  const [applied, releases] = await Promise.all([
    // The steps that need a record say when it cannot be read.
    readStackRecord(store).catch(() => undefined),
    readReleases(store),
  ]);
  const good = lastGoodRelease(releases);
  const way = wayTo(config, applied, { hasServed: good !== undefined });
  if (way === "none" || applied === undefined || good === undefined) return false;
  refuseMove(config, applied);
  if (way === "build") {
    await checkMove(store, config, applied);
    await refuseOutage(deps.fetchOwn(applied), config, applied, good);
  }
  await Promise.all([deps.checkSecrets(), deps.checkDomain(), deps.warnOfQuotas()]);
  const lock = await deps.takeLock();
  try {
    const moved = way === "build" ? await build(deps, applied, { refreshAmi }) : applied;
    await deps.setLeaving(sidesSwapped(moved), true);
    await awaitOldAnswers(deps);
  } finally {
    await lock.release();
  }
  return true;
}

async function build(
  deps: MoveDeps,
  applied: StackRecord,
  { refreshAmi }: { readonly refreshAmi: boolean },
): Promise<StackRecord> {
  const { config, reporter, store } = deps;
  const from = topologyOf(applied.outputs);
  const source = await deps.openSession(applied);
  // What a killed release left would be built twice.
  await recover(source, {
    probe: config.release.probe,
    address: addressQuestion(config, applied),
  });
  const record = lastGoodRelease(await readReleases(store));
  if (record === undefined) throw new Error("the stack has never served");
  reporter.notify({ type: "warning", text: movingText(config) });
  const options = { refreshAmi, lastColour: record.colour };
  const beside = await provision(deps, {
    desired: await resolveBeside(deps.sources, applied, options, from),
    applied,
    build: undefined,
  });
  const target = sidesSwapped(beside);
  if (deps.caddy !== undefined) await provideCaddy(deps.caddy, target, undefined);
  await deps.setLeaving(target, false);
  await startBeside(await deps.openSession(target), record);
  return provision(
    { ...deps, yes: true },
    {
      desired: await resolveBeside(deps.sources, beside, options, config.topology),
      applied: beside,
      build: undefined,
    },
  );
}

/** The same stack, looked at through the parts that the address does not lead to yet. */
function sidesSwapped(stack: StackRecord): StackRecord {
  if (stack.beside === undefined) throw new Error("the stack does not move");
  return { ...stack, outputs: stack.beside, beside: stack.outputs };
}
