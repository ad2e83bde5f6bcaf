import { execa } from "execa";

export interface ProgramDeps {
  /** Whether the program may ask at the terminal. */
  readonly interactive: boolean;
  /** Ends the program. */
  readonly signal: AbortSignal;
  /** Called when the program starts, and when it has ended. */
  readonly onRun: (isRunning: boolean) => void;
}

/**
 * Runs a profile's `credential_process`, a line for the shell, and resolves to what it prints. What it writes to standard error is for the
 * person, such as "touch your key", and goes straight there. Throws an Error when it fails.
 */
export async function runCredentialProgram(
  { interactive, signal, onRun }: ProgramDeps,
  line: string,
): Promise<{ readonly stdout: string }> {
  onRun(true);
  // In a process group of its own it could not read from the terminal.
  const isOwnGroup = !interactive;
  const child = execa(line, {
    shell: true,
    stdin: interactive ? "inherit" : "ignore",
    stderr: "inherit",
    reject: false,
    detached: isOwnGroup,
    cleanup: !isOwnGroup,
  });
  const stop = (): void => {
    try {
      // Ending the shell alone would leave what it waits for.
      if (isOwnGroup && child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
      else child.kill("SIGTERM");
    } catch {
      // It has just ended.
    }
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const { exitCode, stdout, originalMessage } = await child;
    if (exitCode === 0) return { stdout };
    throw new Error(
      exitCode === undefined
        ? `credential_process was ended: ${originalMessage ?? ""}`
        : `credential_process ended with exit code ${exitCode}`,
    );
  } finally {
    signal.removeEventListener("abort", stop);
    onRun(false);
  }
}
