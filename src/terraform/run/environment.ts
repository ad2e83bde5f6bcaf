import { resolve } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The caller's environment without the variables that would change what our commands mean; these are `undefined`.
 * Values reach terraform only through the rendered tfvars, so `TF_VAR_` is removed too. What helps to debug
 * (`TF_LOG`, which goes to `logFile` unless TF_LOG_PATH names another file) or saves a download (`TF_PLUGIN_CACHE_DIR`) stays. Names:
 * https://developer.hashicorp.com/terraform/cli/config/environment-variables.
 */
export function terraformEnvironment(base: Environment, logFile?: string): Environment {
  const isTaken = (name: string): boolean =>
    taken.has(name) || takenPrefixes.some((prefix) => name.startsWith(prefix));
  const entries = Object.entries(base).map(
    ([name, value]) => [name, isTaken(name) ? undefined : value] as const,
  );
  return {
    ...Object.fromEntries(entries),
    // Otherwise the log goes to standard error, which is read for Terraform's reasons and not shown.
    ...(base["TF_LOG"] && !base["TF_LOG_PATH"] && logFile !== undefined
      ? { TF_LOG_PATH: logFile }
      : {}),
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    CHECKPOINT_DISABLE: "1",
  };
}

/**
 * Relative paths count from where the user stands, and terraform works in the stack's folder: TF_PLUGIN_CACHE_DIR, for one, is used only there.
 * `cwd`: absolute.
 */
export function withAbsolutePaths(base: Environment, cwd: string): Environment {
  return Object.fromEntries(
    Object.entries(base).map(([name, value]) => [
      name,
      value !== undefined && value !== "" && isPath(name, value) ? resolve(cwd, value) : value,
    ]),
  );
}

/** A program may also be a name that the PATH finds. */
function isPath(name: string, value: string): boolean {
  return paths.has(name) || (name === "INFER_DEPLOY_TERRAFORM" && value.includes("/"));
}

const paths: ReadonlySet<string> = new Set([
  "INFER_DEPLOY_TERRAFORM_MIRROR",
  "TF_CLI_CONFIG_FILE",
  "TF_LOG_PATH",
  "TF_PLUGIN_CACHE_DIR",
]);
const taken: ReadonlySet<string> = new Set(["TF_CLI_ARGS", "TF_DATA_DIR", "TF_WORKSPACE"]);
const takenPrefixes: readonly string[] = ["TF_CLI_ARGS_", "TF_VAR_"];
