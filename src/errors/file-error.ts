import { CommandError, exitCodes } from "./command-error.ts";

/** What the operating system means by refusing a file, as an error with a next step; undefined for any other error. */
export function fileError(error: unknown): CommandError | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("path" in error)) return undefined;
  const { code, path } = error as { readonly code: unknown; readonly path: unknown };
  if (typeof code !== "string" || typeof path !== "string") return undefined;
  const refusal = refusals[code];
  if (refusal === undefined) return undefined;
  return new CommandError(refusal.message(path), {
    exitCode: exitCodes.usage,
    why: error.message,
    next: nextStep(path, refusal.next),
    cause: error,
  });
}

/** The variable that moves the state home, which no flag names. */
function nextStep(path: string, otherwise: string): string {
  if (/\/infer-deploy(\/|$)/.test(path)) {
    return `${otherwise}, or set XDG_STATE_HOME to a folder that you can write to`;
  }
  return otherwise;
}

interface Refusal {
  readonly message: (path: string) => string;
  readonly next: string;
}

const denied: Refusal = {
  message: (path) => `This user may not use ${path}.`,
  next: "if another user made it, for example with sudo, change its owner with chown",
};
const refusals: Readonly<Record<string, Refusal | undefined>> = {
  EACCES: denied,
  EPERM: denied,
  EROFS: {
    message: (path) => `${path} is on a file system that cannot be written to.`,
    next: "use another folder",
  },
};
