import { resolve } from "node:path";
import { sandboxFolder } from "../../sandbox/src/client/state-file.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { renderOffline } from "../infrastructure/render-offline.ts";
import { stateHome } from "../process/state-home.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { writeFiles } from "../terraform/render/write-files.ts";
import { renderDocument, renderNote } from "../views/render.ts";

/** Writes what `up` would apply into a folder where bare terraform runs. Asks AWS nothing, and makes nothing there. */
export async function render(
  deps: Pick<Deps, "cwd" | "env" | "out" | "reporter">,
  flags: Pick<GlobalFlags, "json" | "sandbox">,
  { config }: LoadedConfig,
  own: { readonly out: string; readonly account: string | undefined },
): Promise<number> {
  if (own.account !== undefined && !/^\d{12}$/.test(own.account)) {
    throw new CommandError(`--account takes twelve digits, and "${own.account}" is not that.`, {
      exitCode: exitCodes.usage,
      next: "aws sts get-caller-identity --query Account --output text",
    });
  }
  const stateFolder =
    flags.sandbox === undefined ? stateHome(deps.env) : sandboxFolder(deps.env, flags.sandbox);
  const rendered = await renderOffline(config, stateFolder, own.account);
  const folder = resolve(deps.cwd, own.out);
  await writeFiles(folder, rendered.files);
  const document = renderDocument(folder, rendered);
  deps.out(flags.json ? jsonText(document) : `${folder}\n`);
  deps.reporter.notify({ type: "note", text: renderNote(document) });
  return exitCodes.done;
}
