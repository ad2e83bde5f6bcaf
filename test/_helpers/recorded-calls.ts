import { sandboxHeaders } from "../../sandbox/src/client/sandbox-key.ts";
import type { SandboxState } from "../../sandbox/src/client/sandbox-state.ts";

/** Every action that this program and its Terraform have called since the region began, as policies call it, such as `s3:GetObject`. */
export async function recordedActions(
  state: Pick<SandboxState, "endpoint" | "key">,
): Promise<readonly string[]> {
  const answer = await fetch(`${state.endpoint}/_sandbox/calls`, {
    headers: sandboxHeaders(state),
  });
  const { calls } = (await answer.json()) as {
    readonly calls: readonly { service: string; action: string; key: string }[];
  };
  const own = calls.filter(({ key }) => key === state.key);
  return [...new Set(own.map(({ service, action }) => `${service}:${action}`))].toSorted();
}
