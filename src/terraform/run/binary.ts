import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { withDeadline } from "../../process/deadline.ts";
import type { Run } from "../../process/programs/run.ts";
import { versionArgs } from "./terraform-argv.ts";
import { terraformEnvironment } from "./environment.ts";
import type { Environment } from "./environment.ts";

/** An installed terraform or tofu. */
export interface TerraformBinary {
  /** A name on the PATH, or a path. */
  readonly file: string;
  readonly product: "terraform" | "tofu";
  readonly version: string;
  /** As provider mirrors name it, such as `linux_amd64`. */
  readonly platform: string;
}

/**
 * Finds the program: INFER_DEPLOY_TERRAFORM if it is set, otherwise the first of terraform and tofu that is new
 * enough. Throws CommandError (64) when there is none, after at most 10 seconds.
 */
export async function findTerraform(run: Run, env: Environment): Promise<TerraformBinary> {
  const wanted = env["INFER_DEPLOY_TERRAFORM"] ?? "";
  const names = wanted === "" ? ["terraform", "tofu"] : [wanted];
  let asked = "";
  return withDeadline(
    answerMilliseconds,
    async (signal) => {
      const answers: Answer[] = [];
      for (const name of names) {
        asked = name;
        const answer = await ask(run, env, name, signal);
        if (answer.kind === "found" && isNewEnough(answer.binary.version)) return answer.binary;
        answers.push(answer);
      }
      throw refuse(answers, wanted);
    },
    () =>
      new CommandError(`${asked} does not print its version`, {
        exitCode: exitCodes.usage,
        why: `no answer within ${answerMilliseconds / 1000} seconds`,
        next: `run ${asked} version to see what it does, or name another program with INFER_DEPLOY_TERRAFORM`,
      }),
  );
}

type Answer =
  | { readonly kind: "absent"; readonly why: string }
  | { readonly kind: "other"; readonly why: string }
  | { readonly kind: "found"; readonly binary: TerraformBinary };

/** Reports the best candidate: a version that is too old, then a program that is something else. */
function refuse(answers: readonly Answer[], wanted: string): CommandError {
  const least = `${minimum.join(".")} or newer is needed`;
  const next =
    wanted === ""
      ? installHint
      : `Set INFER_DEPLOY_TERRAFORM to another program, or unset it. ${installHint}`;
  const old = answers.flatMap((answer) => (answer.kind === "found" ? [answer.binary] : []));
  if (old.length > 0) {
    const versions = old.map(({ file, version }) => `${file} is version ${version}`);
    return new CommandError("The installed Terraform is too old", {
      exitCode: exitCodes.usage,
      why: `${versions.join(", ")}; ${least}`,
      next,
    });
  }
  const other = answers.find((answer) => answer.kind === "other");
  const name = wanted === "" ? "" : `INFER_DEPLOY_TERRAFORM names ${wanted}, which `;
  if (other !== undefined) {
    return new CommandError(
      name === ""
        ? "The program that is installed as Terraform is neither Terraform nor OpenTofu"
        : `${name}is neither Terraform nor OpenTofu`,
      { exitCode: exitCodes.usage, why: other.why, next },
    );
  }
  const [first] = answers;
  return new CommandError(name === "" ? "Terraform is not installed" : `${name}cannot be started`, {
    exitCode: exitCodes.usage,
    why:
      name === "" || first?.kind !== "absent"
        ? `terraform and tofu cannot be started; ${least}`
        : first.why,
    next,
  });
}

/**
 * Reads `Terraform v1.11.4` or `OpenTofu v1.10.0`, then `on linux_amd64`. The text names the product; the JSON
 * output does not.
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

async function ask(run: Run, env: Environment, name: string, signal: AbortSignal): Promise<Answer> {
  const command = { file: name, args: versionArgs(), env: terraformEnvironment(env) };
  try {
    const { exitCode, stdout, stderr } = await run({ ...command, writes: false, signal });
    const binary = readVersion(name, stdout);
    if (binary !== undefined) return { kind: "found", binary };
    const words = (stdout.trim() || stderr.trim()).split("\n", 1).join("").slice(0, mostCharacters);
    const said = words === "" ? "nothing" : JSON.stringify(words);
    return { kind: "other", why: `${name} version prints ${said} (exit ${exitCode})` };
  } catch (error) {
    if (error instanceof CommandError) return { kind: "absent", why: error.message };
    throw error;
  }
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
}

/** The first version of both products whose S3 backend has its own lock file. */
const minimum = [1, 10] as const;

/** A version manager's stand-in for terraform may look for the version first. */
const answerMilliseconds = 10_000;
const mostCharacters = 120;
const installHint =
  "Install one: https://developer.hashicorp.com/terraform/install (or https://opentofu.org/docs/intro/install/)";
