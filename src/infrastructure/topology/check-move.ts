import type { Config } from "../../config/schema/config.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { readPause } from "../../state/pause.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import { topologyOf, type StackRecord } from "../../state/stack-record.ts";
import { architectureOf } from "../desired.ts";

/**
 * What a stack has to do on its way to the topology of the configuration: build the new parts first, finish a move whose names lead to them
 * already, or nothing. What never served has nothing to lose, so it needs no way.
 */
export function wayTo(
  { topology }: Pick<Config, "topology">,
  applied: Pick<StackRecord, "beside" | "outputs"> | undefined,
  { hasServed }: { readonly hasServed: boolean },
): "build" | "finish" | "none" {
  if (applied === undefined || !hasServed) return "none";
  if (topologyOf(applied.outputs) !== topology) return "build";
  return applied.beside === undefined ? "none" : "finish";
}

/** Throws CommandError (64) when the new parts could not start the version that serves, or could not take its users over. */
export async function checkMove(
  store: Pick<ObjectStore, "get">,
  config: Pick<Config, "auth" | "image" | "instances">,
  applied: Pick<StackRecord, "ami_architecture">,
): Promise<void> {
  const wanted = architectureOf(config);
  const present = applied.ami_architecture ?? wanted;
  if (present !== wanted) {
    throw refusal("A stack cannot change its processor while it moves.", {
      where: `instances.type: ${config.instances.type} in infer-deploy.yml`,
      why: `the version that serves is built for ${present}, and it starts on the new instances too`,
      next: `choose a type with the processor ${present}, run infer-deploy up, and change the type afterwards`,
    });
  }
  if (config.auth !== "none") {
    throw refusal("A stack cannot close its address while it moves.", {
      where: `auth: ${config.auth} in infer-deploy.yml`,
      why: "users of the machine send no key and have no login",
      next: "set auth to none, run infer-deploy up, and set it again afterwards",
    });
  }
  const { maintenance = null, sleep = null } = (await readPause(store))?.pause ?? {};
  if (sleep !== null || maintenance !== null) {
    throw refusal("A stack cannot move while it is paused.", {
      why: "the new parts cannot be seen to serve",
      next: sleep === null ? "infer-deploy maintenance off" : "infer-deploy wake",
    });
  }
}

function refusal(
  message: string,
  more: { readonly where?: string; readonly why: string; readonly next: string },
): CommandError {
  return new CommandError(message, { exitCode: exitCodes.usage, ...more });
}
