import { listOf, numberOf, parseJson, recordOf, textOf } from "../events/json.ts";

/** The relevant parts of a state file (format version 4). */
export interface StateFacts {
  readonly serial: number;
  /**
   * Set when a state is first saved; two states with different ones are unrelated. Empty in a first apply's state for which terraform could not
   * even look at the place where it is saved.
   */
  readonly lineage: string;
  /** Resource address and AWS id; the id is empty when there is none. */
  readonly resources: ReadonlyMap<string, string>;
}

/** What to do with an `errored.tfstate`, the state that terraform could not save at the end of an apply. */
export type ErroredVerdict =
  | { readonly kind: "push" }
  /** Already saved, or completely contained in the newer state. */
  | { readonly kind: "obsolete" }
  | { readonly kind: "unrelated" }
  /** Another run has written the saved state since then, and each has resources that the other lacks. */
  | {
      readonly kind: "forked";
      readonly onlyErrored: readonly string[];
      readonly onlySaved: readonly string[];
    };

/** Reads a state file's text; undefined when nothing was saved yet. Throws SyntaxError when it is not a state. */
export function readState(text: string): StateFacts | undefined {
  if (text.trim() === "") return undefined;
  const state = recordOf(parseJson(text));
  if (numberOf(state["version"]) === 0) throw new SyntaxError("a state file has a version");
  // `state pull` prints an empty document when there is no state.
  if (textOf(state["lineage"]) === "" && listOf(state["resources"]).length === 0) return undefined;
  const resources = new Map<string, string>();
  for (const value of listOf(state["resources"])) {
    const resource = recordOf(value);
    if (resource["mode"] !== "managed") continue;
    const base = [textOf(resource["module"]), textOf(resource["type"]), textOf(resource["name"])]
      .filter((part) => part !== "")
      .join(".");
    for (const entry of listOf(resource["instances"])) {
      const instance = recordOf(entry);
      const key = instance["index_key"];
      resources.set(
        key === undefined ? base : `${base}[${JSON.stringify(key)}]`,
        textOf(recordOf(instance["attributes"])["id"]),
      );
    }
  }
  return { serial: numberOf(state["serial"]), lineage: textOf(state["lineage"]), resources };
}

/**
 * Compares the state that was left behind with the saved one. The serial is not enough: terraform counts every
 * attempt to save, so an outdated state can have the higher serial, and pushing it would forget what the later run
 * created. `deleted` are the addresses that the failed apply deleted.
 */
export function judgeErroredState(
  errored: StateFacts,
  saved: StateFacts | undefined,
  deleted: ReadonlySet<string> = new Set(),
): ErroredVerdict {
  if (saved === undefined) return { kind: "push" };
  const isFirst = errored.lineage === "";
  if (!isFirst && saved.lineage !== errored.lineage) return { kind: "unrelated" };
  const onlyErrored = listMissing(errored, saved, new Set());
  const onlySaved = listMissing(saved, errored, deleted);
  const isNewer = !isFirst && saved.serial < errored.serial;
  if (isNewer && onlySaved.length === 0) return { kind: "push" };
  if (!isNewer && onlyErrored.length === 0) return { kind: "obsolete" };
  return { kind: "forked", onlyErrored, onlySaved };
}

/** Resources of one state that the other has neither at the same address nor, moved, at another one. */
function listMissing(
  one: StateFacts,
  other: StateFacts,
  expected: ReadonlySet<string>,
): readonly string[] {
  const ids = new Set(other.resources.values());
  return [...one.resources].flatMap(([address, id]) => {
    const isThere =
      id === "" ? other.resources.has(address) : other.resources.get(address) === id || ids.has(id);
    if (isThere || expected.has(address)) return [];
    return [id === "" ? address : `${address} (${id})`];
  });
}
