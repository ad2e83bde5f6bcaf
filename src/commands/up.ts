import { curlCommand } from "../../sandbox/src/client/sandbox-fetch.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { checkVersion } from "../image/version.ts";
import { bringUp } from "../infrastructure/bring-up.ts";
import { takeLock } from "../lock/take-lock.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { infrastructureDeps } from "../target/infrastructure-deps.ts";
import { lockDeps } from "../target/lock-deps.ts";
import { openSession } from "../target/open-session.ts";
import { openTarget } from "../target/open-target.ts";
import { upDocument, upText } from "../views/up.ts";

export interface UpFlags {
  readonly version: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly refresh: boolean;
  readonly refreshAmi: boolean;
}

/** Infrastructure and first release; resolves when the address answers. A second `up` changes nothing. */
export async function up(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  own: UpFlags,
): Promise<number> {
  if (own.version !== undefined) {
    checkVersion(own.version);
  }
  const target = await openTarget(deps, flags, loaded, { tools: ["engine", "terraform"] });
  const begin = { command: "up", skipHooks: true };
  const done = await bringUp(
    {
      ...infrastructureDeps(deps, target, flags),
      takeLock: async () =>
        takeLock(lockDeps(deps, target, flags), { command: "up", waitSeconds: 0 }),
      openSession: async (stack) => openSession(deps, target, stack, begin),
    },
    own,
  );
  const document = upDocument(done.stack, done.release, done);
  deps.out(flags.json ? jsonText(document) : upText(document));
  // A domain of a rehearsal is known to this command line only.
  const way =
    flags.sandbox === undefined
      ? undefined
      : await curlCommand(deps.env, flags.sandbox, document.url);
  if (way !== undefined) {
    deps.reporter.notify({ type: "note", text: `from a shell: ${way}` });
  }
  return exitCodes.done;
}
