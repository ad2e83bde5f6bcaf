import { join } from "node:path";
import { createRun } from "../../src/process/programs/execa-run.ts";
import { sandboxEnvironment } from "../../sandbox/src/client/sandbox-environment.ts";
import { readSandboxState, sandboxFolder } from "../../sandbox/src/client/state-file.ts";
import type { Project } from "./project.ts";

export interface TerraformAnswer {
  readonly code: number;
  readonly text: string;
}

/** The terraform binary as a user without infer-deploy would start it, in one of a project's folders. */
export async function runTerraform(
  project: Project,
  stack: { readonly name: string; readonly region: string },
  folder: string,
  ...args: string[]
): Promise<TerraformAnswer> {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error(`the sandbox ${project.sandbox} does not run`);
  const result = await createRun()({
    file: "terraform",
    args: [`-chdir=${folder}`, ...args],
    env: {
      ...project.env,
      // Where the provider comes from; on a machine with the network at hand there is no such file and terraform downloads it.
      TF_CLI_CONFIG_FILE: join(
        workFolder(project, stack),
        ".terraform",
        "infer-deploy",
        "cli.tfrc",
      ),
      ...sandboxEnvironment(state, stack.region, project.env),
    },
    writes: true,
  });
  return { code: result.exitCode, text: result.stdout + result.stderr };
}

/** Where `up` has Terraform work. */
export function workFolder(
  project: Project,
  stack: { readonly name: string; readonly region: string },
): string {
  const sandbox = sandboxFolder(project.env, project.sandbox);
  return join(sandbox, "stacks", "123456789012", stack.region, stack.name, "production");
}
