import { newestMachineImage } from "../aws/newest-image.ts";
import { checkMachineImage } from "../aws/machine-image.ts";
import { listZones } from "../aws/network/zones.ts";
import { typesOf } from "../config/schema/fleet/instances.ts";
import type { DesiredSources } from "../infrastructure/desired.ts";
import { readServingColour } from "../release/observe/serving-colour.ts";
import type { Deps } from "../deps.ts";
import { createApiKeys } from "./parts/api-keys.ts";
import { createLogin } from "./parts/login.ts";
import { stackWeights } from "./stack-parts.ts";
import type { Target } from "./target.ts";

/** What the stack's files depend on, looked up on AWS. */
export function desiredSources(
  deps: Pick<Deps, "clock" | "fetch" | "interrupts">,
  target: Target,
): DesiredSources {
  const { aws, config, identity, stateFolder } = target;
  return {
    config,
    account: identity.account,
    stateFolder,
    newestImage: async (architecture, kind) =>
      newestMachineImage(await aws.ssm(), architecture, kind),
    checkMachineImage: async (image) => checkMachineImage(await aws.ec2(), image),
    zones: async () => listZones(await aws.ec2(), typesOf(config.instances)),
    keyGroup: createApiKeys(deps, target).group,
    loginEndpoints: createLogin(deps, target).endpoints,
    servingColour: async ({ outputs }) =>
      readServingColour({ weights: async () => stackWeights(aws, outputs) }),
  };
}
