import { lookAtVpc } from "../aws/network/existing-vpc.ts";
import { partitionOf } from "../aws/identity.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import type { DoctorDeps } from "../doctor/examine.ts";
import { stateHome } from "../process/state-home.ts";
import { nameStack, stateBucketName } from "../stack/names.ts";
import { stackKey } from "../state/stack-record.ts";
import { checkEssentials } from "./access/essentials.ts";
import { connect, openStore, type TargetDeps, type TargetFlags } from "./open-target.ts";

/** What `doctor` looks at: as a target, but missing credentials and programs are findings. */
export async function openDoctor(
  deps: TargetDeps & Pick<Deps, "clock">,
  flags: Pick<TargetFlags, "profile" | "sandbox">,
  { config }: LoadedConfig,
): Promise<DoctorDeps> {
  const { name, environment, region } = config;
  const { sandbox, access, aws } = await connect(deps, flags, config);
  const names = nameStack(name, environment, region);
  return {
    run: deps.run,
    env: deps.env,
    aws,
    config,
    whoAmI: async () => checkEssentials(deps, { aws, access, region }, []),
    secondsLeft: () => access.validity.secondsLeft(0),
    source: access.source,
    placeOf: ({ account, arn }) => ({
      partition: partitionOf({ arn }),
      region,
      account,
      bucket: stateBucketName(account, region),
      names,
    }),
    lookAtVpc: async (vpc) => lookAtVpc(await aws.ec2(), vpc),
    isUp: async ({ account }) => {
      const { store } = await openStore(deps, aws, account, config);
      return (await store.get(stackKey)) !== undefined;
    },
    // The SDK measures it by the Date of each answer; the checks of EC2 have had some by then.
    clockOffset: async () => (await aws.ec2()).config.systemClockOffset,
    host: sandbox === undefined ? `sts.${region}.amazonaws.com` : undefined,
    stateFolder: sandbox?.folder ?? stateHome(deps.env),
  };
}
