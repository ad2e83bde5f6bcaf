/** A run of the CLI that has ended. */
export interface CliRun {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** -1 when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Listener = (run: CliRun) => Promise<void>;
let listener: Listener | undefined;

/** Looks at each run that ends from now on. What it throws fails the test that waits for the run. */
export function followRuns(look: Listener): void {
  listener = look;
}

/** Every run of a test comes here before the test sees it. Benchmarks judge their runs themselves. */
export async function seeRun(run: CliRun): Promise<void> {
  if (process.env["VITEST"] === undefined) return;
  const { checkPrinted } = await import("./printed-check.ts");
  await checkPrinted(run);
  await listener?.(run);
}
