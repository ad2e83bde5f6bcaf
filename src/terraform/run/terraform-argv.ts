/** The arguments of each command of terraform and tofu, whose commands are the same. */

export interface InitOptions {
  /** Completes a partial backend block, `key=value` each. */
  readonly backendConfig?: Readonly<Record<string, string>>;
  /** Whether the state is in HCP Terraform, whose init knows no -reconfigure. */
  readonly cloud?: boolean;
  /** Takes the newest providers within the constraints instead of the locked ones. */
  readonly upgrade?: boolean;
  /** The AWS provider's version that the stack was applied with; left out, the folder's lock file decides. */
  readonly providerVersion?: string | undefined;
}

export interface PlanOptions {
  /** Absolute, so that it cannot be read as an option. */
  readonly planFile: string;
  readonly destroy?: boolean;
  /** Whether to read what exists first; true by default. */
  readonly refresh?: boolean;
  /** Whether to hold the state's lock meanwhile; true by default. A plan that is not applied needs none, and no right to write. */
  readonly lock?: boolean;
  /** Seconds to wait for a lock that another run holds; 0 by default. */
  readonly lockTimeoutSeconds?: number;
  readonly extra?: readonly string[];
}

/**
 * `-reconfigure`: the rendered folder alone says where the state is. Without it a folder that was last used for
 * another bucket asks whether to move the state.
 */
export function initArgs(options: InitOptions = {}): readonly string[] {
  return [
    "init",
    "-input=false",
    "-json",
    ...(options.cloud === true ? [] : ["-reconfigure"]),
    ...(options.upgrade === true ? ["-upgrade"] : []),
    ...Object.entries(options.backendConfig ?? {}).map(
      ([key, value]) => `-backend-config=${key}=${value}`,
    ),
  ];
}

/**
 * The arguments of a command that works in the folder. The program itself starts where the user stands, because a version manager in its
 * place chooses the version by that: https://developer.hashicorp.com/terraform/cli/commands#switching-working-directory-with-chdir
 */
export function inFolder(folder: string, args: readonly string[]): readonly string[] {
  return [`-chdir=${folder}`, ...args];
}

export function validateArgs(): readonly string[] {
  return ["validate", "-json"];
}

/** Exit code 0: nothing to do; 1: failed; 2: there are changes. */
export function planArgs(options: PlanOptions): readonly string[] {
  return [
    "plan",
    "-input=false",
    "-json",
    "-detailed-exitcode",
    `-out=${options.planFile}`,
    ...(options.destroy === true ? ["-destroy"] : []),
    ...(options.refresh === false ? ["-refresh=false"] : []),
    ...(options.lock === false ? ["-lock=false"] : lockTimeout(options.lockTimeoutSeconds)),
    ...(options.extra ?? []),
  ];
}

export function applyArgs(planFile: string, lockTimeoutSeconds?: number): readonly string[] {
  return ["apply", "-input=false", "-json", ...lockTimeout(lockTimeoutSeconds), planFile];
}

export function outputArgs(): readonly string[] {
  return ["output", "-json"];
}

export function showPlanArgs(planFile: string): readonly string[] {
  return ["show", "-json", planFile];
}

export function statePullArgs(): readonly string[] {
  return ["state", "pull"];
}

export function statePushArgs(stateFile: string, lockTimeoutSeconds?: number): readonly string[] {
  return ["state", "push", ...lockTimeout(lockTimeoutSeconds), stateFile];
}

export function stateRemoveArgs(addresses: readonly string[]): readonly string[] {
  return ["state", "rm", ...addresses];
}

export function forceUnlockArgs(lockId: string): readonly string[] {
  return ["force-unlock", "-force", lockId];
}

export function versionArgs(): readonly string[] {
  return ["version"];
}

function lockTimeout(seconds: number | undefined): readonly string[] {
  return seconds === undefined || seconds === 0 ? [] : [`-lock-timeout=${seconds}s`];
}
