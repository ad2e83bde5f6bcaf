import { runCli, type CliResult } from "./cli.ts";
import type { Project } from "./project.ts";

/** Runs of a project's verbs with --debug, which keep all that was printed: secrets are looked for in it. */
export interface DebugRuns {
  readonly run: (
    words: readonly string[],
    more?: readonly string[],
    input?: string,
  ) => Promise<CliResult>;
  /** The same, but for what it prints on standard output, which is the secret itself. */
  readonly runForSecret: (words: readonly string[]) => Promise<CliResult>;
  readonly printed: () => string;
}

export function debugRuns(project: Pick<Project, "env" | "folder" | "sandbox">): DebugRuns {
  let printed = "";
  const where = { cwd: project.folder, env: project.env };
  const debug = ["--sandbox", project.sandbox, "--debug"];
  return {
    run: async (words, more = [], input) => {
      const given = input === undefined ? {} : { input };
      const result = await runCli([...words, ...debug, ...more], { ...where, ...given });
      printed += result.stdout + result.stderr;
      return result;
    },
    runForSecret: async (words) => {
      const result = await runCli([...words, ...debug], where);
      printed += result.stderr;
      return result;
    },
    printed: () => printed,
  };
}
