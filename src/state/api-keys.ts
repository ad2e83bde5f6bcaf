import { createHash } from "node:crypto";
import * as z from "zod/mini";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { parseDocument } from "./document.ts";

/** A key of the address, which a request sends in the header `x-api-key`. */
export interface ApiKey {
  /** What may be shown of it: the first digits of its SHA-256. */
  readonly id: string;
  readonly value: string;
  /** ISO 8601, UTC. */
  readonly created: string;
}

/** At most this many are valid at a time, so that clients can move from one to the next. */
export const mostKeys = 2;

/** The keys in a secret's text, the oldest first. Throws CommandError when it is not the text of `keysText`; its message has no value. */
export function parseKeys(text: string): readonly ApiKey[] {
  return parseDocument(keysSchema, jsonOf(text), {
    key: "the secret of the API keys",
    next: "delete the secret in Secrets Manager; infer-deploy up then makes a new key",
  }).keys.map(({ value, created }) => ({ id: keyId(value), value, created }));
}

export function keysText(keys: readonly ApiKey[]): string {
  const written = keys.map(({ value, created }) => ({ value, created }));
  return JSON.stringify({ schema_version: 1, keys: written });
}

/** `random`: at least 20 bytes of chance. */
export function generateKey(random: Uint8Array, created: Date): ApiKey {
  return keyOf(Buffer.from(random).toString("hex"), created);
}

/** The user's own key. Throws CommandError (64) for one that is short, or that a header or AWS WAF cannot hold; its message has no value. */
export function ownKey(value: string, created: Date): ApiKey {
  if (value.length < leastLength || value.length > mostLength) {
    throw refusal(`The key has ${value.length} characters.`, `${leastLength} to ${mostLength}`);
  }
  if (!/^[!-~]+$/.test(value)) {
    throw refusal(
      "The key has characters that a header cannot have.",
      "letters, digits and punctuation of ASCII, without spaces",
    );
  }
  if (new Set(value).size < leastDifferent) {
    throw refusal("The key is easy to guess.", `at least ${leastDifferent} different characters`);
  }
  return keyOf(value, created);
}

/** The valid keys with one more. Throws CommandError (1) when there are two already, or when it is one of them. */
export function withNewKey(keys: readonly ApiKey[], added: ApiKey): readonly ApiKey[] {
  if (keys.some(({ value }) => value === added.value)) {
    throw new CommandError("This key is valid already.", {
      next: "infer-deploy keys list shows the valid keys",
    });
  }
  if (keys.length >= mostKeys) {
    throw new CommandError("Two keys are valid already.", {
      why: `${keys.map(({ id }) => id).join(" and ")}; a third would leave no moment at which a client must have moved`,
      next: "infer-deploy keys retire ends the older one, once no client sends it",
    });
  }
  return [...keys, added];
}

/** The keys without one of them, by default without the oldest. Throws CommandError (1) when no other would be left, or (64) for an unknown id. */
export function withoutKey(
  keys: readonly ApiKey[],
  id: string | undefined,
): { readonly kept: readonly ApiKey[]; readonly retired: ApiKey } {
  const retired = id === undefined ? keys[0] : findKey(keys, id);
  if (retired === undefined || keys.length < mostKeys) {
    throw new CommandError(
      keys.length === 0 ? "There is no API key yet." : "Only one key is valid.",
      {
        why: "without another one, every request would get 401",
        next: "infer-deploy keys rotate makes another; then infer-deploy keys retire",
      },
    );
  }
  return { kept: keys.filter((one) => one !== retired), retired };
}

/** Throws CommandError (64) when no valid key has this id. */
export function findKey(keys: readonly ApiKey[], id: string): ApiKey {
  const found = keys.find((one) => one.id === id);
  if (found !== undefined) return found;
  throw new CommandError("No valid key has this id.", {
    exitCode: exitCodes.usage,
    next: "infer-deploy keys list shows the valid keys",
  });
}

function keyOf(value: string, created: Date): ApiKey {
  return { id: keyId(value), value, created: created.toISOString() };
}

function keyId(value: string): string {
  return createHash("sha256").update(value).digest("hex").slice(0, idLength);
}

/** A JSON error would quote the text. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(what: string, allowed: string): CommandError {
  return new CommandError(what, {
    exitCode: exitCodes.usage,
    why: `a key has ${allowed}`,
    next: "infer-deploy keys rotate, without a key on standard input, makes one",
  });
}

const keysSchema = z.object({
  schema_version: z.literal(1),
  keys: z.array(z.object({ value: z.string(), created: z.string() })),
});

const idLength = 8;
const leastLength = 24;
const leastDifferent = 8;
// AWS WAF compares with at most 200 bytes (ByteMatchStatement, SearchString).
const mostLength = 200;
