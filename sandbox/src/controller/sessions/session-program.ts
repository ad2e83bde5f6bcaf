/** A session as StartSession has noted it. */
export interface SandboxSession {
  readonly token: string;
  readonly instance: string;
  readonly document: string;
  /** Empty for a shell. */
  readonly command: string;
}

export interface SessionProgram {
  /** As the SSM agent names it. */
  readonly type: string;
  /** Runs in the instance's container, as root: there is no user ssm-user. */
  readonly argv: readonly string[];
  readonly takesInput: boolean;
}

/** What a session's document runs: a command by itself, or one with a terminal. */
export function sessionProgram({
  document,
  command,
}: Pick<SandboxSession, "command" | "document">): SessionProgram {
  if (document === "AWS-StartNonInteractiveCommand") {
    const argv = ["sh", "-c", `{ ${command}\n} 2>&1`];
    return { type: "NonInteractiveCommands", argv, takesInput: false };
  }
  const type = command === "" ? "Standard_Stream" : "InteractiveCommands";
  const shell = command === "" ? "bash -l" : command;
  // A terminal on the instance.
  return { type, argv: ["script", "-qefc", shell, "/dev/null"], takesInput: true };
}
