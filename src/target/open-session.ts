import { randomBytes } from "node:crypto";
import type { Deps } from "../deps.ts";
import { needOf } from "../doctor/account.ts";
import { releaseWarnings } from "../doctor/launch-warnings.ts";
import { createHooks } from "../hooks/run-hook.ts";
import { dockerFolder } from "../image/docker-folder.ts";
import { ciRun } from "../process/ci-run.ts";
import { withPatience } from "../process/patience.ts";
import { systemProcesses } from "../process/processes.ts";
import type { Session } from "../release/session.ts";
import { presentMinimum } from "../stack/present-minimum.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { createApiKeys, keyedFetch } from "./parts/api-keys.ts";
import { ownFetch } from "./parts/own-fetch.ts";
import { createFirewall, createParts, createSecrets } from "./stack-parts.ts";
import { secretPrefix, type Target } from "./target.ts";

/** What a release, a rollback or a first release works with. `command`: the verb with its options. */
export async function openSession(
  deps: Pick<Deps, "clock" | "env" | "fetch" | "fetchThrough" | "interrupts" | "reporter" | "run">,
  { access, aws, config, prefix, root, store }: Target,
  stack: StackRecord,
  { command, skipHooks }: { readonly command: string; readonly skipHooks: boolean },
): Promise<Session> {
  const { clock, interrupts, reporter, run } = deps;
  const stop = interrupts.aborted;
  const self = await systemProcesses.self();
  return {
    ...createParts(aws, stack.outputs, {
      list: config.scaling.schedules,
      hasPolicy: config.scaling.target !== null,
      minimum: () => presentMinimum(config, clock.now()),
    }),
    clock,
    command,
    config: {
      ...config,
      instances: { ...config.instances, min: presentMinimum(config, clock.now()) },
    },
    credentials: access.validity,
    dockerFolder: dockerFolder(deps.env),
    ecr: aws.ecr,
    fetch:
      config.auth === "keys"
        ? keyedFetch(deps, createApiKeys(deps, { aws, config }), ownFetch(deps, stack.outputs))
        : ownFetch(deps, stack.outputs),
    firewall: createFirewall(aws, stack.outputs),
    hooks: createHooks(
      { run, reporter, clock, env: access.programEnv, signal: stop, root },
      { skip: skipHooks },
    ),
    inTime: async (signal, work) => withPatience(lookMilliseconds, signal, lateLook, work),
    interrupts,
    newToken: () => randomBytes(16).toString("hex"),
    prefix,
    reporter,
    root,
    roomFor: async (instances) =>
      releaseWarnings(aws, { ...needOf(config, true), doubles: instances }),
    run,
    secrets: createSecrets(aws, secretPrefix(config)),
    signal: stop,
    stack,
    store,
    who: ciRun(deps.env) ?? `${self.user}@${self.host}`,
  };
}

function lateLook(): Error {
  return new Error(`no answer within ${lookMilliseconds / 1000} s`);
}

const lookMilliseconds = 15_000;
