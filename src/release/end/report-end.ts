import type { ReleaseRecord } from "../../state/release-record.ts";
import { hookFacts } from "../hook-facts.ts";
import type { Progress } from "../release.ts";
import type { Session } from "../session.ts";

/** Runs the hooks that report the end. They run without the lock, so that a slow hook does not block other runs. */
export async function reportEnd(
  { hooks, ...session }: Pick<Session, "command" | "hooks" | "stack" | "who">,
  { record }: Progress,
  end: { readonly record: ReleaseRecord } | { readonly error: unknown },
): Promise<void> {
  if ("record" in end) {
    const facts = hookFacts(session, { record: end.record });
    await hooks.run("post-release", facts);
    if (end.record.kind === "rollback") {
      await hooks.run("on-rollback", facts);
    }
    return;
  }
  const reason = end.error instanceof Error ? end.error.message : String(end.error);
  const facts = hookFacts(session, { record, reason });
  if (record !== undefined && record.kind === "release" && record.finished !== null) {
    await hooks.run("on-rollback", facts);
  }
  await hooks.run("on-failure", facts);
}
