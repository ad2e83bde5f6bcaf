import type { HookFacts } from "../hooks/hook.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import type { Session } from "./session.ts";

/** The facts about a release that a hook gets. Before the release has a record, that is its version at most. */
export function hookFacts(
  { stack, who, command }: Pick<Session, "stack" | "who" | "command">,
  about: {
    readonly version?: string | undefined;
    readonly record?: ReleaseRecord | undefined;
    readonly reason?: string | undefined;
  },
): HookFacts {
  const { record } = about;
  return {
    name: stack.name,
    environment: stack.environment,
    region: stack.region,
    url: stack.outputs.url,
    version: record?.version ?? about.version,
    digest: record?.digest,
    image: record?.image,
    release: record?.release,
    previousVersion: record?.replaces?.version,
    colour: record?.colour,
    strategy: record?.strategy ?? undefined,
    outcome: record?.outcome,
    reason: record?.reason ?? about.reason,
    who,
    message: record?.message ?? undefined,
    command,
  };
}
