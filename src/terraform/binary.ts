import { CommandError, exitCodes } from "../errors.ts";
import type { Run } from "../process/run.ts";
import { versionArgs } from "./argv.ts";
import { terraformEnvironment } from "./environment.ts";
import type { Environment } from "./environment.ts";

/** A program that can do the work. */
export interface TerraformBinary {
  /** A name on the PATH, or a path. */
  readonly file: string;
  readonly product: "terraform" | "tofu";
  readonly version: string;
  /** As provider mirrors name it, such as `linux_amd64`. */
  readonly platform: string;
}

/**
 * Finds the program: INFER_DEPLOY_TERRAFORM when it is set, otherwise the first of terraform and tofu that is
 * new enough. Throws CommandError (64) when there is none.
 */
export async function findTerraform(run: Run, env: Environment): Promise<TerraformBinary> {
  const wanted = env["INFER_DEPLOY_TERRAFORM"] ?? "";
  const names = wanted === "" ? ["terraform", "tofu"] : [wanted];
  const reasons: string[] = [];
  for (const name of names) {
    const text = await askVersion(run, env, name);
    if (text === undefined) continue;
    const found = readVersion(name, text);
    if (found !== undefined && isNewEnough(found.version)) return found;
    reasons.push(
      found === undefined
        ? `${name} does not say what version it is`
        : `${name} is version ${found.version}`,
    );
  }
  const none = reasons.length === 0;
  throw new CommandError(
    none ? "Terraform is not installed" : "The installed Terraform is too old",
    {
      exitCode: exitCodes.usage,
      why: `${none ? `${names.join(" and ")} cannot be started` : reasons.join(", ")}; ${minimum.join(".")} or newer is needed`,
      next:
        wanted === ""
          ? installHint
          : `Let INFER_DEPLOY_TERRAFORM name a newer one, or unset it. ${installHint}`,
    },
  );
}

/**
 * Reads `Terraform v1.11.4` or `OpenTofu v1.10.0`, then `on linux_amd64`: the text names the product, the JSON
 * form does not.
 */
export function readVersion(file: string, text: string): TerraformBinary | undefined {
  const first = /^(Terraform|OpenTofu) v(\d+\.\d+\.\d+\S*)/m.exec(text);
  const platform = /^on (\w+)/m.exec(text)?.[1];
  if (first === null || platform === undefined) return undefined;
  return {
    file,
    product: first[1] === "OpenTofu" ? "tofu" : "terraform",
    version: first[2] ?? "",
    platform,
  };
}

async function askVersion(run: Run, env: Environment, name: string): Promise<string | undefined> {
  try {
    return (
      await run({ file: name, args: versionArgs(), env: terraformEnvironment(env), writes: false })
    ).stdout;
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
}

/** The first version whose S3 backend has its own lock file, in both products. */
const minimum = [1, 10] as const;

const installHint =
  "Install one: https://developer.hashicorp.com/terraform/install (or https://opentofu.org/docs/intro/install/)";
