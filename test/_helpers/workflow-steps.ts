import { parse } from "yaml";

export interface Workflow {
  readonly on: unknown;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly environment?: string;
  readonly needs?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly "working-directory"?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** A shell step of a workflow. */
export interface ShellStep {
  readonly job: string;
  readonly name: string;
  readonly run: string;
  readonly folder: string;
}

export function readWorkflow(text: string): Workflow {
  return parse(text) as Workflow;
}

/** The shell steps that do the workflow's own work, without the installation of infer-deploy. */
export function shellSteps({ jobs }: Workflow): readonly ShellStep[] {
  return Object.entries(jobs).flatMap(([job, { steps }]) =>
    steps.flatMap(({ name = "", run, "working-directory": folder = "." }) =>
      run === undefined || run.startsWith("npm install ") ? [] : [{ job, name, run, folder }],
    ),
  );
}
