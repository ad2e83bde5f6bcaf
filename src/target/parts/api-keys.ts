import { randomBytes } from "node:crypto";
import {
  ensureKeyGroup,
  findKeyGroup,
  keysInForce,
  removeKeyGroup,
  updateKeyGroup,
} from "../../aws/api-keys/key-group.ts";
import { secretValueOf } from "../../aws/secrets/secret-value.ts";
import { setSecret } from "../../aws/secrets/set-secret.ts";
import type { Deps } from "../../deps.ts";
import { describeLine } from "../../errors/describe.ts";
import { withApiKey } from "../../release/observe/keyed-fetch.ts";
import { nameStack } from "../../stack/names.ts";
import { generateKey, keysText, parseKeys, type ApiKey } from "../../state/api-keys.ts";
import type { WarnDeps } from "../status/or-warn.ts";
import { stackTags, type Target } from "../target.ts";

/** The API keys of a stack: a secret has them, and a rule group of AWS WAF lets them pass. */
export interface ApiKeys {
  /** The valid keys, the oldest first. */
  readonly read: () => Promise<readonly ApiKey[]>;
  readonly write: (keys: readonly ApiKey[]) => Promise<void>;
  /** ARN of the rule group; undefined when there is none, and when these credentials may not look. */
  readonly group: () => Promise<string | undefined>;
  /** Values that pass; undefined without a rule group, or when it has rules of another origin. */
  readonly inForce: () => Promise<readonly string[] | undefined>;
  /** Lets exactly these keys pass. Resolves to false when there is no rule group yet. */
  readonly enforce: (keys: readonly ApiKey[]) => Promise<boolean>;
  /** Makes the first key and the rule group, where they are missing, and lets the keys pass. Resolves to the rule group's ARN. */
  readonly ensure: () => Promise<string>;
  /** Deletes the rule group; the keys stay. Resolves to whether there was one. */
  readonly removeGroup: () => Promise<boolean>;
}

export function createApiKeys(
  { clock, interrupts }: Pick<Deps, "clock" | "interrupts">,
  { aws, config }: Pick<Target, "aws" | "config">,
): ApiKeys {
  const names = nameStack(config.name, config.environment, config.region);
  const secret = `${names.key_prefix}keys`;
  const tags = stackTags(config);
  const sleep = async (milliseconds: number): Promise<void> =>
    clock.sleep(milliseconds, interrupts.aborted);
  const find = async () => findKeyGroup(await aws.waf(), names.id);
  const read = async (): Promise<readonly ApiKey[]> => {
    const text = await secretValueOf(await aws.secretsManager(), secret);
    return text === undefined ? [] : parseKeys(text);
  };
  const write = async (keys: readonly ApiKey[]): Promise<void> => {
    const request = { name: secret, value: keysText(keys), tags };
    await setSecret(await aws.secretsManager(), request, sleep);
  };
  return {
    read,
    write,
    group: async () => {
      try {
        return (await find())?.arn;
      } catch (error) {
        if (error instanceof Error && error.name.startsWith("AccessDenied")) return undefined;
        throw error;
      }
    },
    inForce: async () => {
      const group = await find();
      return group === undefined ? undefined : keysInForce(await aws.waf(), group);
    },
    enforce: async (keys) => {
      const group = await find();
      if (group === undefined) return false;
      await updateKeyGroup(await aws.waf(), group, valuesOf(keys), sleep);
      return true;
    },
    ensure: async () => {
      const found = await read();
      const keys = found.length > 0 ? found : [newKey(clock)];
      if (found.length === 0) await write(keys);
      const request = { tags, sleep };
      return (await ensureKeyGroup(await aws.waf(), names.id, valuesOf(keys), request)).arn;
    },
    removeGroup: async () => removeKeyGroup(await aws.waf(), names.id, sleep),
  };
}

export function newKey(clock: Pick<Deps["clock"], "now">): ApiKey {
  return generateKey(randomBytes(keyBytes), clock.now());
}

/**
 * Sends the older valid key with requests to the stack's address: AWS WAF knows it everywhere, while a new one needs a while. Without a right to
 * read the keys, requests go without one, after a warning.
 */
export function keyedFetch(
  { reporter }: WarnDeps,
  keys: Pick<ApiKeys, "read">,
  fetcher: typeof fetch,
): typeof fetch {
  let warned = false;
  return withApiKey(fetcher, async () => {
    try {
      return (await keys.read())[0]?.value;
    } catch (error) {
      const text = `the API keys could not be read, so the address is asked without one: ${describeLine(error)}`;
      if (!warned) reporter.notify({ type: "warning", text });
      warned = true;
      return undefined;
    }
  });
}

function valuesOf(keys: readonly ApiKey[]): readonly string[] {
  return keys.map(({ value }) => value);
}

/** 192 bits. */
const keyBytes = 24;
