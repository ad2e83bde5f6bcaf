import type { KeyEffect } from "../release/observe/await-key.ts";
import { ago } from "../report/time-text.ts";
import type { ApiKey } from "../state/api-keys.ts";
import { placeOf, type Place } from "./parts/place.ts";
import { table } from "./parts/table.ts";

type Stack = Omit<Place, "schema_version">;

/** `keys list --json`: the valid keys, the oldest first. No value is among it. */
export interface KeysDocument extends Place {
  readonly keys: readonly {
    /** The first digits of the key's SHA-256. */
    readonly id: string;
    /** ISO 8601. */
    readonly created: string;
    /** Whether AWS WAF lets it pass; null before there is a rule group. */
    readonly in_force: boolean | null;
  }[];
  /** Keys that AWS WAF lets pass although they are not valid. */
  readonly unknown_keys: number;
}

/** `inForce`: the values that pass; undefined without a rule group. */
export function keysDocument(
  stack: Stack,
  keys: readonly ApiKey[],
  inForce: readonly string[] | undefined,
): KeysDocument {
  return {
    ...placeOf(stack),
    keys: keys.map(({ id, created, value }) => ({
      id,
      created,
      in_force: inForce === undefined ? null : inForce.includes(value),
    })),
    unknown_keys: (inForce ?? []).filter((one) => keys.every(({ value }) => value !== one)).length,
  };
}

export function keysText({ keys, unknown_keys: unknown }: KeysDocument, now: Date): string {
  if (keys.length === 0) {
    return "No API key yet. infer-deploy up makes one, or infer-deploy keys rotate before it.\n";
  }
  const rows = keys.map(({ id, created, in_force: isInForce }) => [
    id,
    ago(new Date(created), now),
    isInForce === null ? "not yet: infer-deploy up" : isInForce ? "yes" : "NO",
  ]);
  const isOff = unknown > 0 || keys.some((one) => one.in_force === false);
  const repair = isOff
    ? "AWS WAF has other keys than these; infer-deploy up --refresh sets them again.\n"
    : "";
  return `${table([["id", "created", "in force"], ...rows])}${repair}`;
}

/** `keys show --json`. */
export interface KeyDocument extends Place {
  readonly id: string;
  /** The key itself. */
  readonly key: string;
  readonly created: string;
}

export function keyDocument(stack: Stack, { id, value, created }: ApiKey): KeyDocument {
  return { ...placeOf(stack), id, key: value, created };
}

/** `keys rotate --json` and `keys retire --json`. */
export interface KeyChangeDocument extends Place {
  /** Of the new key, or of the one that ended. */
  readonly id: string;
  readonly change: "added" | "retired";
  /** Ids of the valid keys, the oldest first. */
  readonly valid: readonly string[];
  /** done: the address was seen to follow. late, silent: it was not yet, or did not answer here. stored: `up` has still to bring AWS WAF. */
  readonly effect: KeyEffect | "stored";
}

export function keyChangeDocument(
  stack: Stack,
  {
    key,
    change,
    valid,
    effect,
  }: Pick<KeyChangeDocument, "change" | "effect"> & {
    readonly key: Pick<ApiKey, "id">;
    readonly valid: readonly Pick<ApiKey, "id">[];
  },
): KeyChangeDocument {
  return { ...placeOf(stack), id: key.id, change, valid: valid.map(({ id }) => id), effect };
}

export function keyChangeText(document: KeyChangeDocument): string {
  const { name, environment, region, id, change, valid, effect } = document;
  const where = `${name} (${environment}) in ${region}`;
  return [
    change === "added"
      ? `${where}: the key ${id} is valid${valid.length > 1 ? `, next to ${valid[0]}` : ""}`
      : `${where}: the key ${id} has ended; ${valid.join(", ")} is valid`,
    effects[change][effect],
    ...(change === "added" ? ["infer-deploy keys show prints it"] : []),
    ...(change === "added" && valid.length > 1
      ? ["infer-deploy keys retire ends the older one, once no client sends it"]
      : []),
    "",
  ].join("\n");
}

const effects: Readonly<
  Record<KeyChangeDocument["change"], Readonly<Record<KeyChangeDocument["effect"], string>>>
> = {
  added: {
    done: "the address accepts it; AWS WAF may need a few minutes more to know it everywhere",
    late: "the address does not accept it yet: AWS WAF may need a few minutes",
    silent:
      "the address does not answer here, so that was not tried: AWS WAF may need a few minutes",
    stored: "infer-deploy up brings it into force",
  },
  retired: {
    done: "the address refuses it; AWS WAF may need a few minutes more to refuse it everywhere",
    late: "the address still accepts it: AWS WAF may need a few minutes",
    silent:
      "the address does not answer here, so that was not tried: AWS WAF may need a few minutes",
    stored: "infer-deploy up brings that into force",
  },
};
