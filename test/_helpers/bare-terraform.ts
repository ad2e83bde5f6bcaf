import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRun } from "../../src/process/programs/execa-run.ts";
import type { RunResult } from "../../src/process/programs/run.ts";
import type { StackFacts, StackInput } from "../../src/stack/stack-input.ts";
import { desiredStack, type Beside } from "../../src/stack/stack.ts";
import { findTerraform } from "../../src/terraform/run/binary.ts";
import { configureProviderSource, findProviderSource } from "../../src/terraform/run/mirror.ts";
import { renderStack } from "../../src/terraform/render/render-stack.ts";
import { loadTemplates } from "../../src/terraform/render/template-files.ts";
import { writeFiles } from "../../src/terraform/render/write-files.ts";
import { stackFacts, stackInput } from "./stack-values.ts";

/** A rendered stack in its own folder, and terraform as a user without infer-deploy would start it. */
export interface BareTerraform {
  readonly folder: string;
  /** Renders what is asked for over what is there. */
  readonly render: (
    changes: Partial<StackInput>,
    facts?: Partial<StackFacts>,
    beside?: Beside,
  ) => Promise<void>;
  /** Resolves with any exit code. */
  readonly run: (...args: string[]) => Promise<RunResult>;
  /** Rejects with the program's words unless the exit code is one of `good`. */
  readonly expect: (good: readonly number[], ...args: string[]) => Promise<RunResult>;
  readonly remove: () => Promise<void>;
}

export async function renderForBareTerraform(
  env: Readonly<Record<string, string>> = {},
): Promise<BareTerraform> {
  const start = createRun();
  const folder = await mkdtemp(join(tmpdir(), "infer-deploy-rendered-"));
  const templates = await loadTemplates();
  const render: BareTerraform["render"] = async (changes, facts, beside) => {
    const stack = desiredStack(stackInput(changes), stackFacts(facts), beside);
    await writeFiles(folder, renderStack(stack, templates));
  };
  await render({});
  const binary = await findTerraform(start, process.env);
  const search = { binary, folder, env: process.env };
  const source = await configureProviderSource(search, findProviderSource(search));
  const run: BareTerraform["run"] = async (...args) =>
    start({
      file: binary.file,
      args: [...args],
      cwd: folder,
      env: { ...source, ...env, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" },
      writes: true,
    });
  return {
    folder,
    render,
    run,
    expect: async (good, ...args) => {
      const result = await run(...args);
      if (!good.includes(result.exitCode)) {
        throw new Error(
          `terraform ${args.join(" ")}: ${result.exitCode}\n${result.stderr}${result.stdout.slice(-4000)}`,
        );
      }
      return result;
    },
    remove: async () => rm(folder, { recursive: true, force: true }),
  };
}
