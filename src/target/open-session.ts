import { randomBytes } from "node:crypto";
import type { Deps } from "../deps.ts";
import { releaseShortages } from "../doctor/launch-warnings.ts";
import { createHooks } from "../hooks/run-hook.ts";
import { dockerFolder } from "../image/docker-folder.ts";
import { ciRun } from "../process/ci-run.ts";
import { withPatience } from "../process/patience.ts";
import { systemProcesses } from "../process/processes.ts";
import { rememberToken, withoutPause, withPass } from "../release/pause/pass.ts";
import type { Session } from "../release/session.ts";
import { presentMinimum } from "../stack/present-minimum.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { createApiKeys, keyedFetch } from "./parts/api-keys.ts";
import { createFirewall, createParts, createSecrets, type PartSchedules } from "./stack-parts.ts";
import { openModel } from "./parts/model.ts";
import { openReferenced } from "./parts/referenced.ts";
import { ownFetch } from "./parts/own-fetch.ts";
import { secretPrefix, type Target } from "./target.ts";

/** What a release, a rollback or a first release works with. `command`: the verb with its options. */
export async function openSession(
  deps: Pick<
    Deps,
    | "clock"
    | "env"
    | "fetch"
    | "fetchHttp2"
    | "fetchRegistry"
    | "fetchThrough"
    | "interrupts"
    | "reporter"
    | "run"
  >,
  target: Target,
  stack: StackRecord,
  { command, skipHooks }: { readonly command: string; readonly skipHooks: boolean },
): Promise<Session> {
  const { access, aws, config, placeOf, prefix, root, store } = target;
  const { clock, interrupts, reporter, run } = deps;
  const stop = interrupts.aborted;
  const parts = createParts({ aws, store, clock }, stack.outputs, schedulesOf(config, clock));
  const token = rememberToken(store);
  return {
    ...parts,
    alarms: withoutPause(parts.alarms, stack.outputs.alarm_names.load_balancer.unanswered, token),
    clock,
    command,
    config: {
      ...config,
      instances: { ...config.instances, min: presentMinimum(config, clock.now()) },
    },
    credentials: access.validity,
    dockerFolder: dockerFolder(deps.env),
    ecr: aws.ecr,
    fetch: withPass(fetchOf(deps, { aws, config }, stack), token),
    firewall: createFirewall(aws, stack.outputs),
    hooks: createHooks(
      { run, reporter, clock, env: access.programEnv, signal: stop, root },
      { skip: skipHooks },
    ),
    inTime: async (signal, work) => withPatience(lookMilliseconds, signal, lateLook, work),
    interrupts,
    model: openModel(deps, target),
    newToken: () => randomBytes(16).toString("hex"),
    placeOf,
    prefix,
    referenced: openReferenced(deps, target),
    reporter,
    root,
    roomFor: async (instances) => releaseShortages(aws, config, instances),
    run,
    secrets: createSecrets(aws, secretPrefix(config)),
    signal: stop,
    stack,
    store,
    who: await whoRuns(deps.env),
  };
}

export function schedulesOf(
  config: Target["config"],
  clock: Pick<Deps["clock"], "now">,
): PartSchedules {
  return {
    list: config.scaling.schedules,
    hasPolicy: config.scaling.target !== null,
    minimum: () => presentMinimum(config, clock.now()),
  };
}

/** USER@HOST, or the address of the CI run. */
export async function whoRuns(env: Deps["env"]): Promise<string> {
  const self = await systemProcesses.self();
  return ciRun(env) ?? `${self.user}@${self.host}`;
}

/** Asks the stack's address as its users do. */
export function fetchOf(
  deps: Pick<Deps, "clock" | "fetch" | "fetchHttp2" | "fetchThrough" | "interrupts" | "reporter">,
  { aws, config }: Pick<Target, "aws" | "config">,
  { outputs }: Pick<StackRecord, "outputs">,
): typeof fetch {
  const asked = ownFetch(deps, config.requests.protocol, outputs);
  return config.auth === "keys"
    ? keyedFetch(deps, createApiKeys(deps, { aws, config }), asked)
    : asked;
}

function lateLook(): Error {
  return new Error(`no answer within ${lookMilliseconds / 1000} s`);
}

const lookMilliseconds = 15_000;
