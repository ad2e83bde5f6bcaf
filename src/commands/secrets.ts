import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { onOff } from "../options/kinds.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { stackVerb } from "./kinds/stack-verb.ts";
import type { VerbGroup } from "./kinds/verb.ts";

const operand = { name: "name", summary: "the secret's name, such as HF_TOKEN", choices: [] };

/** Values go in by standard input and never come out: no verb reads them. */
export const secrets: VerbGroup = {
  name: "secrets",
  summary: "sets, lists and removes the secrets of the container",
  verbs: [
    stackVerb({
      name: "set",
      summary: "gives a secret a new value, from standard input or a hidden prompt",
      options: {},
      needsImage: false,
      operand,
      run: runSet,
    }),
    stackVerb({
      name: "list",
      summary: "shows names, versions and which are in use; never values",
      options: {},
      needsImage: false,
      run: runList,
    }),
    stackVerb({
      name: "remove",
      summary: "deletes a secret with all its versions",
      options: { force: onOff("--force", "delete it although a release can still need it") },
      needsImage: false,
      operand,
      run: async (deps, flags, loaded, own, operands) =>
        runRemove(deps, flags, loaded, { ...own, name: nameOf(operands, "remove") }),
    }),
  ],
};

async function runSet(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  _own: object,
  operands: readonly string[],
): Promise<number> {
  const name = nameOf(operands, "set");
  const { completeCommands } = await import("../errors/printed-commands.ts");
  const { checkSecretName } = await import("../config/schema/secrets.ts");
  const { setSecret } = await import("../aws/secrets/set-secret.ts");
  const { secretValue } = await import("../options/secret-value.ts");
  const { openTarget } = await import("../target/open-target.ts");
  const { secretPrefix, stackTags } = await import("../target/target.ts");
  const { secretSetDocument, secretSetText } = await import("../views/secrets.ts");

  checkSecretName(name);
  const { aws, config } = await openTarget(deps, flags, loaded, { tools: [] });
  const value = secretValue(
    await deps.readSecret(`Value of ${name}, which is not shown: `),
    `pipe the value in, as in: infer-deploy secrets set ${name} <FILE`,
  );
  const { version, created } = await setSecret(
    await aws.secretsManager(),
    { name: `${secretPrefix(config)}${name}`, value, tags: stackTags(config) },
    async (milliseconds) => deps.clock.sleep(milliseconds, deps.interrupts.aborted),
  );
  const document = secretSetDocument(config, { name, version, created });
  deps.out(
    flags.json
      ? jsonText(document)
      : completeCommands(secretSetText(document, config.secrets[name]), deps.args),
  );
  return exitCodes.done;
}

async function runList(deps: Deps, flags: GlobalFlags, loaded: LoadedConfig): Promise<number> {
  const { completeCommands } = await import("../errors/printed-commands.ts");
  const { lastGoodRelease, readReleases } = await import("../state/release-history.ts");
  const { openTarget } = await import("../target/open-target.ts");
  const { createSecrets } = await import("../target/stack-parts.ts");
  const { secretPrefix } = await import("../target/target.ts");
  const { secretsDocument, secretsText } = await import("../views/secrets.ts");

  const { aws, config, store } = await openTarget(deps, flags, loaded, { tools: [] });
  const [stored, releases] = await Promise.all([
    createSecrets(aws, secretPrefix(config)).list(),
    readReleases(store),
  ]);
  const document = secretsDocument(config, stored, lastGoodRelease(releases));
  deps.out(
    flags.json
      ? jsonText(document)
      : completeCommands(secretsText(document, deps.clock.now()), deps.args),
  );
  return exitCodes.done;
}

/** Throws CommandError: 1 when the answer is no or a release needs it, 64 when the configuration names it or no such secret exists. */
async function runRemove(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  { name, force }: { readonly name: string; readonly force: boolean },
): Promise<number> {
  const { deleteSecret } = await import("../aws/secrets/delete-secret.ts");
  const { refuseUsed, unknownSecret } = await import("../release/plan/secret-uses.ts");
  const { readReleases } = await import("../state/release-history.ts");
  const { openTarget } = await import("../target/open-target.ts");
  const { createSecrets } = await import("../target/stack-parts.ts");
  const { secretPrefix } = await import("../target/target.ts");
  const { placeOf } = await import("../views/parts/place.ts");

  const { aws, config, store } = await openTarget(deps, flags, loaded, { tools: [] });
  const [stored, releases] = await Promise.all([
    createSecrets(aws, secretPrefix(config)).list(),
    readReleases(store),
  ]);
  const found = stored.find((one) => one.name === name);
  if (found === undefined) throw unknownSecret(name, stored);
  if (!force) {
    const place = config.secrets[name] && loaded.placeOf(["secrets", name]);
    refuseUsed(name, place, releases);
  }
  const { name: stack, environment, region } = config;
  const where = `${stack} (${environment}) in ${region}`;
  const question = `Delete the secret ${name} of ${where}, with all its versions? No one can restore it.`;
  if (!flags.yes && !(await deps.reporter.ask(question, "--yes"))) {
    throw new CommandError("The secret was left as it is.", {
      next: `infer-deploy secrets remove ${name} --yes does not ask`,
    });
  }
  await deleteSecret(await aws.secretsManager(), found.arn);
  const document = { ...placeOf(config), secret: name, removed: true };
  deps.out(flags.json ? jsonText(document) : `${where}: the secret ${name} is deleted\n`);
  return exitCodes.done;
}

/** Throws CommandError (64) unless there is exactly one. A value among the operands must not get into a message. */
function nameOf(operands: readonly string[], verb: "set" | "remove"): string {
  const [name, ...others] = operands;
  if (name !== undefined && others.length === 0) return name;
  throw new CommandError("The name of one secret is needed.", {
    exitCode: exitCodes.usage,
    next:
      verb === "set"
        ? "infer-deploy secrets set NAME, with the value on standard input: other users of this machine can see a command line"
        : "infer-deploy secrets remove NAME",
  });
}
