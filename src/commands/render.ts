import { resolve } from "node:path";
import { ensureStateBucket } from "../aws/state-bucket.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { resolveDesired } from "../infrastructure/desired.ts";
import { writeFiles } from "../terraform/render/write-files.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { desiredSources } from "../target/desired-sources.ts";
import { openTarget } from "../target/open-target.ts";
import { readStackRecord } from "../state/stack-record.ts";

/** Writes what `up` would apply into a folder where bare terraform runs. */
export async function render(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  own: { readonly out: string },
): Promise<number> {
  const target = await openTarget(deps, flags, loaded, { tools: [] });
  const desired = await resolveDesired(
    desiredSources(target),
    await readStackRecord(target.store),
    {
      refreshAmi: false,
    },
  );
  // Bare terraform does not make the bucket of its backend.
  await ensureStateBucket(
    await target.aws.s3(),
    target.bucket,
    target.config.region,
    target.identity,
  );
  const folder = resolve(deps.cwd, own.out);
  await writeFiles(folder, desired.files);
  deps.out(
    flags.json
      ? jsonText({
          schema_version: 1,
          folder,
          hash: desired.hash,
          files: [...desired.files.keys()],
        })
      : `${folder}\n`,
  );
  deps.reporter.notify({ type: "note", text: `terraform init && terraform plan works there` });
  return exitCodes.done;
}
