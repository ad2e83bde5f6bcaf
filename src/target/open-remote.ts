import { randomBytes } from "node:crypto";
import { startSession, terminateSession } from "../aws/sessions/start-session.ts";
import type { Deps } from "../deps.ts";
import { observeFleet } from "../release/observe/observe-stack.ts";
import { chooseInstance, type Place } from "../session/choose-instance.ts";
import { runSession } from "../session/run-session.ts";
import { createParts } from "./stack-parts.ts";
import { requireStack } from "./require-stack.ts";
import type { Target } from "./target.ts";

/** An instance of the stack, and commands on it. */
export interface Remote {
  readonly place: Place;
  /** A name that no other run uses. */
  readonly name: string;
  /** Resolves with the exit code. Undefined: a login shell. */
  readonly run: (command: string | undefined) => Promise<number>;
}

/** `asked`: how the instance's id begins. Throws CommandError when there is no such instance. */
export async function openRemote(
  deps: Pick<Deps, "attach" | "clock" | "hasTerminal" | "interrupts" | "out" | "run">,
  target: Target,
  asked: string | undefined,
): Promise<Remote> {
  const { access, aws, config, store } = target;
  const { clock, interrupts, hasTerminal } = deps;
  const stack = await requireStack(target);
  const fleet = await observeFleet({ ...createParts({ aws, store, clock }, stack.outputs), store });
  const place = chooseInstance(fleet, asked);
  const { AWS_ENDPOINT_URL: own } = await access.terraformEnv();
  const ssm = await aws.ssm();
  const session = {
    start: async (wish: { readonly command: string | undefined; readonly hasTerminal: boolean }) =>
      startSession(ssm, { instance: place.machine, ...wish }),
    terminate: async (id: string) => terminateSession(ssm, id),
    ...{ run: deps.run, attach: deps.attach, out: deps.out },
    env: access.terraformEnv,
    region: config.region,
    endpoint: own ?? `https://ssm.${config.region}.amazonaws.com`,
    newToken,
    signal: interrupts.aborted,
  };
  return {
    place,
    name: `infer-deploy-run-${newToken().slice(0, 8)}`,
    run: async (command) => {
      // At a terminal Ctrl-C is the remote program's, however often it comes.
      if (hasTerminal) interrupts.leaveToTerminal();
      return runSession(session, command, hasTerminal);
    },
  };
}

function newToken(): string {
  return randomBytes(16).toString("hex");
}
