import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { asked, askedIfAny, onOff, text } from "../options/kinds.ts";
import { readOptions, type Values } from "../options/read-options.ts";
import { jsonText } from "../report/json-text.ts";
import type { InitSettings } from "../init/settings.ts";
import { buildArg } from "./kinds/build-arg.ts";
import { outputOptions } from "./kinds/stack-verb.ts";
import type { Verb } from "./kinds/verb.ts";

const options = {
  github: onOff("--github", "also write the workflows of a release process for GitHub Actions"),
  repository: askedIfAny("--repository <owner/name>", "at GitHub; by default the remote origin"),
  image: text("--image <name>", "an image that exists already, in place of a Dockerfile"),
  dockerfile: text("--dockerfile <file>", "which Dockerfile, when there are several"),
  noRun: onOff("--no-run", "do not build and run the image; read the Dockerfile only"),
  name: asked(
    "--service-name <name>",
    "name of the service; by default the package's or the folder's",
  ),
  buildArg,
  region: askedIfAny("--region <region>", "AWS region; by default the profile's"),
  profile: askedIfAny("--profile <name>", "AWS profile whose region is taken"),
  yes: onOff("-y, --yes", "ask nothing"),
  ...outputOptions,
};

/** Writes infer-deploy.yml, and workflows when asked to. Asks AWS nothing, and overwrites nothing. */
export const init: Verb = {
  name: "init",
  summary: "writes infer-deploy.yml for the Dockerfile in this folder, or for an image",
  options,
  run: async (start) => {
    const own = readOptions(options, start);
    const deps = await start.createDeps({ quiet: own.quiet, sandbox: undefined });
    return run(deps, own);
  },
};

async function run(deps: Deps, own: Values<typeof options>): Promise<number> {
  const { completeCommands } = await import("../errors/printed-commands.ts");
  const { configText } = await import("../init/config-text.ts");
  const { cannotAsk, thereAlready } = await import("../init/refusals.ts");
  const { takenPaths, writeNewFiles } = await import("../init/write-new-files.ts");
  const { planWorkflows } = await import("../init/workflows/plan-workflows.ts");
  const { findRepository } = await import("../init/workflows/find-repository.ts");
  const { initDocument, initText } = await import("../views/init.ts");

  if (!own.yes && !deps.interactive) throw cannotAsk();
  const isThere = (await takenPaths(deps.cwd, [fileName])).length > 0;
  if (isThere && !own.github) throw thereAlready(fileName);
  const repository = own.github
    ? await findRepository(deps.run, deps.cwd, own.repository?.value)
    : undefined;
  const settings = isThere ? null : await findSettings(deps, own, repository?.name ?? null);
  const workflows =
    repository === undefined ? undefined : await planWorkflows(deps.cwd, repository, settings);
  if (settings !== null) {
    await writeNewFiles(deps.cwd, new Map([[fileName, configText(settings)]]));
  }
  if (repository !== undefined && workflows !== undefined) {
    await writeNewFiles(repository.root, workflows.files);
  }
  const result = {
    files: [...(settings === null ? [] : [fileName]), ...(workflows?.files.keys() ?? [])],
    settings,
    repository: repository?.name ?? null,
    lacking: workflows?.lacking ?? [],
  };
  // The file has the region now; the profile is no key of it.
  const chosen = own.profile === undefined ? [] : ["--profile", own.profile.value];
  deps.out(own.json ? jsonText(initDocument(result)) : completeCommands(initText(result), chosen));
  return exitCodes.done;
}

async function findSettings(
  deps: Deps,
  own: Values<typeof options>,
  repository: string | null,
): Promise<InitSettings> {
  const { chooseName, chooseRegion } = await import("../init/ask-settings.ts");
  const { draftSource } = await import("../init/draft-source.ts");
  const { findSource } = await import("../init/find-source.ts");
  const { suggestName, suggestRegion } = await import("../init/find-names.ts");
  const { runTrial } = await import("../init/run-trial.ts");
  const { settingsOf } = await import("../init/settings.ts");

  const { facts, ...place } = await findSource(deps.cwd, own);
  const askLine = own.yes ? undefined : deps.reporter.askLine;
  const name = await chooseName(
    { asked: own.name, suggestion: await suggestName(deps.cwd) },
    askLine,
  );
  const region = await chooseRegion(
    { asked: own.region, suggestion: await suggestRegion(deps.env, own.profile?.value) },
    askLine,
  );
  const given = { name, region, ...place, buildArgs: own.buildArg, repository, facts };
  const draft = settingsOf({ ...given, trial: null });
  const source = draftSource(draft, deps.cwd);
  const trial = own.noRun
    ? null
    : await runTrial(
        { ...deps, signal: deps.interrupts.aborted },
        { ref: place.ref, source },
        facts,
      );
  return settingsOf({ ...given, trial });
}

const fileName = "infer-deploy.yml";
