import { CommandError, exitCodes } from "../errors/command-error.ts";
import { requiredFolder, text } from "../options/kinds.ts";
import { jsonText } from "../report/json-text.ts";
import { stackVerb } from "./kinds/stack-verb.ts";

/** Writes what `up` would apply into a folder where bare terraform runs. Asks AWS nothing, and makes nothing there. */
export const render = stackVerb({
  name: "render",
  summary: "writes the Terraform files that `up` would apply",
  options: {
    out: requiredFolder("--out <folder>", "folder to write to; made when it does not exist"),
    account: text(
      "--account <id>",
      "the AWS account, when this machine did not bring the stack up",
      checkAccount,
    ),
  },
  needsImage: false,
  run: async (deps, flags, { config }, own) => {
    const path = await import("node:path");
    const { sandboxFolder } = await import("../../sandbox/src/client/state-file.ts");
    const { renderOffline } = await import("../infrastructure/render-offline.ts");
    const { stateHome } = await import("../process/state-home.ts");
    const { writeFiles } = await import("../terraform/render/write-files.ts");
    const { renderDocument, renderNote } = await import("../views/render.ts");

    const stateFolder =
      flags.sandbox === undefined ? stateHome(deps.env) : sandboxFolder(deps.env, flags.sandbox);
    const rendered = await renderOffline(config, stateFolder, own.account);
    const folder = path.resolve(deps.cwd, own.out);
    await writeFiles(folder, rendered.files);
    const document = renderDocument(folder, rendered);
    deps.out(flags.json ? jsonText(document) : `${folder}\n`);
    deps.reporter.notify({ type: "note", text: renderNote(document) });
    return exitCodes.done;
  },
});

function checkAccount(value: string, origin: string): void {
  if (!/^\d{12}$/.test(value)) {
    throw new CommandError(`${origin} takes twelve digits, and "${value}" is not that.`, {
      exitCode: exitCodes.usage,
      next: "aws sts get-caller-identity --query Account --output text",
    });
  }
}
