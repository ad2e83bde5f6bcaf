import type { Config } from "../config/schema/config.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import {
  stateInBucket,
  stateInCloud,
  type StatePlace,
} from "../infrastructure/state/state-place.ts";
import { stateFile, stateInFile } from "../infrastructure/state/state-in-file.ts";
import { isSet } from "../process/switches.ts";
import type { Target } from "./target.ts";

/** Where the target's Terraform state is. */
export function statePlace({
  bucket,
  config,
  identity,
  localState,
  prefix,
  store,
}: Pick<Target, "bucket" | "config" | "identity" | "localState" | "prefix" | "store">): StatePlace {
  const { environment, name, region, state } = config;
  const owner = { account: identity.account, environment, name, region };
  const addresses = {
    s3: `s3://${bucket}/${prefix}/terraform.tfstate`,
    local: stateFile(localState, owner),
  };
  switch (state.backend) {
    case "s3":
      return stateInBucket(store, owner, addresses);
    case "local":
      return stateInFile(localState, owner, addresses);
    case "cloud": {
      const page = `https://app.terraform.io/app/${state.organization}/${state.workspace}`;
      return stateInCloud(store, owner, addresses, page);
    }
  }
}

/**
 * The configuration of a rehearsal: HCP Terraform is not a part of the region on this machine, and a rehearsal's state in the stack's workspace
 * would replace the one of AWS. So a file of the sandbox has it.
 */
export function rehearsed(config: Config): Config {
  return config.state.backend === "cloud"
    ? { ...config, state: { backend: "local", organization: null, workspace: null } }
    : config;
}

/** Throws CommandError (64) when this machine cannot keep or reach the state. `place`: of the key state.backend. */
export function checkStatePlace(
  { state }: Pick<Config, "state">,
  env: Readonly<Record<string, string | undefined>>,
  place: string,
): void {
  if (state.backend === "local" && isSet(env["CI"])) {
    throw new CommandError("A CI job would lose Terraform's state.", {
      exitCode: exitCodes.usage,
      where: `state.backend (${place})`,
      why: "backend: local keeps it in a file of this machine, and the machine of a CI job is thrown away",
      next: "set state.backend to s3",
    });
  }
  if (state.backend === "cloud" && (env[tokenName] ?? "") === "") {
    throw new CommandError("There is no token for HCP Terraform.", {
      exitCode: exitCodes.usage,
      where: `state.backend (${place})`,
      why: `${tokenName} is not set; what \`terraform login\` has saved is not used`,
      next: `export ${tokenName}=TOKEN, with a token of your user or team from https://app.terraform.io`,
    });
  }
}

/** Terraform reads it itself: https://developer.hashicorp.com/terraform/cli/config/config-file#environment-variable-credentials */
const tokenName = "TF_TOKEN_app_terraform_io";
