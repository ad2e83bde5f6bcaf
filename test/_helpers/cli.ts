import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { seeRun } from "./cli-ends.ts";

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export const repository = fileURLToPath(new URL("../..", import.meta.url));
export const cliPath = fileURLToPath(new URL("../../bin/infer-deploy.js", import.meta.url));

/** Less than a test may take: then the failure has what the run had printed. */
const limitMs = 580_000;

/** Runs the built CLI as a user does, with `input` piped into standard input, or with a closed one. */
export async function runCli(
  args: readonly string[],
  {
    input,
    ...options
  }: {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly input?: string;
  },
): Promise<CliResult> {
  const started = performance.now();
  const child = spawn(process.execPath, [cliPath, ...args], {
    cwd: options.cwd,
    env: options.env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A verb that reads nothing may have ended before.
  child.stdin.on("error", () => undefined).end(input);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const exitCode = await new Promise<number>((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill("SIGKILL");
      reject(
        new Error(
          `\`${args.join(" ")}\` did not end within ${limitMs / 1000} s:\n${stdout}${stderr}`,
        ),
      );
    }, limitMs);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(late);
      resolve(code ?? -1);
    });
  });
  const seconds = (performance.now() - started) / 1000;
  await seeRun({ args, ...options, exitCode, stdout, stderr });
  return { exitCode, stdout, stderr, seconds };
}
