/** A program to start: always an array of arguments, never a shell string. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to the parent's environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Whether the program changes anything outside its own process. */
  readonly writes: boolean;
  /** Ends the program with SIGTERM. Not for terraform, which has its own rules. */
  readonly signal?: AbortSignal;
  /** Starts the program in its own process group, out of reach of the terminal's Ctrl-C. `signal` then ends everything that it started. */
  readonly ownGroup?: boolean;
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
}

export interface RunResult {
  /** 128 + n when signal n ended the program. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The only way to start other programs. Resolves on any exit code; rejects with CommandError only when the program cannot be started. */
export type Run = (command: Command) => Promise<RunResult>;
