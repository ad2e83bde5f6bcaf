import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { onOff } from "../options/kinds.ts";
import { jsonText } from "../report/json-text.ts";
import type { ApiKey } from "../state/api-keys.ts";
import type { GlobalFlags } from "../target/flags.ts";
import type { KeyChangeDocument } from "../views/keys.ts";
import { stackVerb } from "./kinds/stack-verb.ts";
import type { VerbGroup } from "./kinds/verb.ts";

const operand = { name: "id", summary: "which key, by its id in `keys list`", choices: [] };

/** The API keys of `auth: keys`. Only `show` prints one. */
export const keys: VerbGroup = {
  name: "keys",
  summary: "lists, shows and rotates the API keys of the address",
  verbs: [
    stackVerb({
      name: "list",
      summary: "shows the valid keys by id and age, and whether they are in force",
      options: {},
      needsImage: false,
      run: runList,
    }),
    stackVerb({
      name: "show",
      summary: "prints a key, by default the newest one",
      options: {},
      needsImage: false,
      operand,
      run: runShow,
    }),
    stackVerb({
      name: "rotate",
      summary: "makes another key, which is valid next to the present one",
      options: { stdin: onOff("--stdin", "take your own key from standard input") },
      needsImage: false,
      run: runRotate,
    }),
    stackVerb({
      name: "retire",
      summary: "ends a key, by default the older one",
      options: {},
      needsImage: false,
      operand,
      run: runRetire,
    }),
  ],
};

async function runList(deps: Deps, flags: GlobalFlags, loaded: LoadedConfig): Promise<number> {
  const { completeCommands } = await import("../errors/printed-commands.ts");
  const { keysDocument, keysText } = await import("../views/keys.ts");

  const { config, apiKeys } = await open(deps, flags, loaded);
  const [valid, inForce] = await Promise.all([apiKeys.read(), apiKeys.inForce()]);
  const document = keysDocument(config, valid, inForce);
  deps.out(
    flags.json
      ? jsonText(document)
      : completeCommands(keysText(document, deps.clock.now()), deps.args),
  );
  return exitCodes.done;
}

async function runShow(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  _own: object,
  operands: readonly string[],
): Promise<number> {
  const { findKey } = await import("../state/api-keys.ts");
  const { keyDocument } = await import("../views/keys.ts");

  const id = idOf(operands);
  const { config, apiKeys } = await open(deps, flags, loaded);
  const valid = await apiKeys.read();
  const key = id === undefined ? valid.at(-1) : findKey(valid, id);
  if (key === undefined) {
    throw new CommandError("There is no API key yet.", {
      next: "infer-deploy up makes one, or infer-deploy keys rotate before it",
    });
  }
  deps.out(flags.json ? jsonText(keyDocument(config, key)) : `${key.value}\n`);
  return exitCodes.done;
}

/** Throws CommandError: 1 when two keys are valid already, 64 for an own key that cannot be one. */
async function runRotate(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  { stdin }: { readonly stdin: boolean },
): Promise<number> {
  const { secretValue } = await import("../options/secret-value.ts");
  const { ownKey, withNewKey } = await import("../state/api-keys.ts");
  const { newKey } = await import("../target/parts/api-keys.ts");

  requireAuth(loaded);
  const key = stdin
    ? ownKey(
        secretValue(
          await deps.readSecret("The key, which is not shown: "),
          "pipe the key in, as in: infer-deploy keys rotate --stdin <FILE",
        ),
        deps.clock.now(),
      )
    : newKey(deps.clock);
  const opened = await open(deps, flags, loaded);
  const valid = withNewKey(await opened.apiKeys.read(), key);
  return change(deps, flags, opened, { key, valid, change: "added" });
}

/** Throws CommandError: 1 when the answer is no or no other key would be left, 64 for an unknown id. */
async function runRetire(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  _own: object,
  operands: readonly string[],
): Promise<number> {
  const { withoutKey } = await import("../state/api-keys.ts");

  const id = idOf(operands);
  const opened = await open(deps, flags, loaded);
  const { kept, retired } = withoutKey(await opened.apiKeys.read(), id);
  const { name, environment, region } = opened.config;
  const question = `End the key ${retired.id} of ${name} (${environment}) in ${region}? Requests with it will get 401.`;
  if (!flags.yes && !(await deps.reporter.ask(question, "--yes"))) {
    throw new CommandError("The key was left as it is.", {
      next: "infer-deploy keys retire --yes does not ask",
    });
  }
  return change(deps, flags, opened, { key: retired, valid: kept, change: "retired" });
}

/** Stores the valid keys, brings them into force, and waits until the address follows. */
async function change(
  deps: Deps,
  flags: GlobalFlags,
  { apiKeys, config, stack }: Opened,
  {
    key,
    valid,
    change: kind,
  }: {
    readonly key: ApiKey;
    readonly valid: readonly ApiKey[];
    readonly change: KeyChangeDocument["change"];
  },
): Promise<number> {
  const { completeCommands } = await import("../errors/printed-commands.ts");
  const { awaitKey } = await import("../release/observe/await-key.ts");
  const { span } = await import("../report/span.ts");
  const { keyChangeDocument, keyChangeText } = await import("../views/keys.ts");

  await apiKeys.write(valid);
  const isEnforced = await apiKeys.enforce(valid);
  const url = stack?.key_group === undefined ? undefined : stack.outputs.url;
  const wanted = kind === "added" ? "passes" : "refused";
  const effect =
    !isEnforced || url === undefined
      ? "stored"
      : await span(
          deps.reporter,
          "key",
          `Wait until the key ${key.id} ${wanted === "passes" ? "passes" : "is refused"}`,
          async ({ done }) => {
            const address = new URL(config.health.path, url);
            const seen = await awaitKey(deps, address, key.value, wanted, deps.interrupts.aborted);
            done(seen === "done" ? "" : "not seen");
            return seen;
          },
        );
  const document = keyChangeDocument(config, { key, change: kind, valid, effect });
  deps.out(flags.json ? jsonText(document) : completeCommands(keyChangeText(document), deps.args));
  return exitCodes.done;
}

type Opened = Awaited<ReturnType<typeof open>>;

async function open(deps: Deps, flags: GlobalFlags, loaded: LoadedConfig) {
  const { readStackRecord } = await import("../state/stack-record.ts");
  const { createApiKeys } = await import("../target/parts/api-keys.ts");
  const { openTarget } = await import("../target/open-target.ts");

  requireAuth(loaded);
  const target = await openTarget(deps, flags, loaded, { tools: [] });
  return {
    config: target.config,
    apiKeys: createApiKeys(deps, target),
    stack: await readStackRecord(target.store),
  };
}

/** Throws CommandError (64) for a stack whose address needs no key. */
function requireAuth({ config }: LoadedConfig): void {
  if (config.auth === "keys") return;
  throw new CommandError(`${config.name} (${config.environment}) has no API keys.`, {
    exitCode: exitCodes.usage,
    where: "auth in infer-deploy.yml",
    next: "set auth: keys; then infer-deploy up",
  });
}

/** Throws CommandError (64) for more than one word. The words may be a key, so no message has them. */
function idOf(operands: readonly string[]): string | undefined {
  if (operands.length < 2) return operands[0];
  throw new CommandError("The id of one key is needed.", {
    exitCode: exitCodes.usage,
    next: "infer-deploy keys list shows the ids",
  });
}
