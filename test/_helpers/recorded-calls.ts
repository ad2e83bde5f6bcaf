import { sandboxHeaders } from "../../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../../sandbox/src/client/state-file.ts";
import type { Project } from "./project.ts";

/** One kind of call that the region has recorded, as policies call it. */
export interface RecordedCall {
  /** Such as `s3:GetObject`. */
  readonly action: string;
  readonly region: string;
  /** What names the resources, such as `{ AlarmNames: ["app-production-errors"] }`; `Tags` is there when the call also tags. */
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  /** How often since the region began. */
  readonly count: number;
}

/** Every call that this program and its Terraform have made since the region began. */
export async function recordedCalls(
  project: Pick<Project, "env" | "sandbox">,
): Promise<readonly RecordedCall[]> {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error(`the sandbox ${project.sandbox} does not run`);
  const answer = await fetch(`${state.endpoint}/_sandbox/calls`, {
    headers: sandboxHeaders(state),
  });
  const { calls } = (await answer.json()) as {
    readonly calls: readonly (RecordedCall & { service: string; key: string })[];
  };
  return calls
    .filter(({ key }) => key === state.key)
    .map(({ service, action, ...call }) => ({ ...call, action: `${service}:${action}` }));
}

/** Those of `after` that `before` does not have, or has less often. */
function callsSince(
  before: readonly RecordedCall[],
  after: readonly RecordedCall[],
): readonly RecordedCall[] {
  const counts = new Map(before.map((call) => [keyOf(call), call.count]));
  return after.filter((call) => call.count > (counts.get(keyOf(call)) ?? 0));
}

function keyOf({ action, region, parameters }: RecordedCall): string {
  return JSON.stringify([action, region, parameters]);
}

/** Collects the calls of some stretches of a test file. */
export class CallCollector {
  readonly calls: RecordedCall[] = [];
  readonly #project: Pick<Project, "env" | "sandbox">;
  #before: readonly RecordedCall[] = [];

  constructor(project: Pick<Project, "env" | "sandbox">) {
    this.#project = project;
  }

  async start(): Promise<void> {
    this.#before = await recordedCalls(this.#project);
  }

  async stop(): Promise<void> {
    this.calls.push(...callsSince(this.#before, await recordedCalls(this.#project)));
  }
}
