import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { requiredFolder } from "../options/kinds.ts";
import type { Values } from "../options/read-options.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { stackVerb } from "./stack-verb.ts";

const options = {
  out: requiredFolder("--out <folder>", "folder to write to; made when it does not exist"),
};

export const render = stackVerb({
  name: "render",
  summary: "writes the Terraform files that `up` would apply",
  options,
  needsImage: false,
  run,
});

/** Writes what `up` would apply into a folder where bare terraform runs. */
async function run(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  own: Values<typeof options>,
): Promise<number> {
  const path = await import("node:path");
  const { ensureStateBucket } = await import("../aws/state-bucket.ts");
  const { resolveDesired } = await import("../infrastructure/desired.ts");
  const { openTarget, readStackRecord } = await import("../target/target.ts");
  const { writeFiles } = await import("../terraform/render/write-files.ts");

  const target = await openTarget(deps, flags, loaded, { tools: [] });
  const desired = await resolveDesired(target, await readStackRecord(target), {
    refreshAmi: false,
  });
  // Bare terraform does not make the bucket of its backend.
  await ensureStateBucket(
    await target.aws.s3(),
    target.bucket,
    target.config.region,
    target.identity,
  );
  const folder = path.resolve(deps.cwd, own.out);
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
