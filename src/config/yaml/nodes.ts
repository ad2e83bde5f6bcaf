import { isAlias, isCollection, isMap, isNode, isScalar, isSeq } from "yaml";
import { quote, type Path } from "../checks/problem.ts";
import { levelsAllowed, mostLevels } from "./syntax.ts";

/** What reading a document's nodes collects in addition to the value. Offsets are characters from the beginning. */
export interface Reader {
  readonly isVerbatim: (path: Path) => boolean;
  readonly report: (
    offset: number,
    path: Path,
    found: string,
    allowed: string,
    suggestion?: string,
  ) => void;
  /** The same for what a few lines can repeat endlessly: reported once, with the number of the others. */
  readonly reportOnce: Reader["report"];
  readonly lineOf: (offset: number) => number;
  /** The place of each part, by `spotKey`. */
  readonly spots: Map<string, Spot>;
}

export interface Spot {
  readonly key: number;
  readonly value: number;
  /** A scalar as written. */
  readonly source: string | undefined;
}

/** The plain value of a YAML node; undefined when it is refused. Part of `readYaml`. */
export function readNode(reader: Reader, node: unknown, path: Path, keyOffset = 0): unknown {
  const offset = startOf(node) ?? keyOffset;
  const source = isScalar(node) ? node.source : undefined;
  reader.spots.set(spotKey(path), { key: keyOffset, value: offset, source });
  if (isAlias(node)) {
    reader.reportOnce(
      offset,
      path,
      `the alias ${quote(`*${node.source}`)}`,
      "the value itself, without an alias",
    );
    return undefined;
  }
  refuseProperties(reader, node, path, offset);
  if (path.length > mostLevels) {
    reader.report(offset, path.slice(0, 3), "more levels below this", levelsAllowed);
    return undefined;
  }
  if (isMap(node)) return readMap(reader, node.items, path, offset);
  if (isSeq(node)) return node.items.map((item, index) => readNode(reader, item, [...path, index]));
  return isScalar(node) ? readScalar(reader, node.value, node.source, path, offset) : null;
}

export function spotKey(path: Path): string {
  return JSON.stringify(path);
}

function readMap(
  reader: Reader,
  items: readonly { readonly key: unknown; readonly value: unknown }[],
  path: Path,
  mapOffset: number,
): unknown {
  const entries = new Map<string, unknown>();
  for (const { key, value } of items) {
    const offset = startOf(key) ?? mapOffset;
    const name = isScalar(key) ? (key.source ?? String(key.value)) : "";
    if (name === "") {
      reader.report(offset, path, "a key that is empty, a list or a map", "a name as the key");
      continue;
    }
    refuseProperties(reader, key, path, offset);
    const keyPath = [...path, name];
    const first = entries.has(name) ? reader.spots.get(spotKey(keyPath)) : undefined;
    if (first !== undefined) {
      const line = reader.lineOf(first.key);
      reader.report(
        offset,
        keyPath,
        "the key a second time",
        `it once; line ${line} has it already`,
      );
    } else if (name === "<<") {
      reader.report(offset, keyPath, "a merge key", "the keys themselves, without merging");
    } else if (name === "__proto__") {
      reader.report(offset, keyPath, "a name that JavaScript reserves", "any other name");
    } else {
      entries.set(name, readNode(reader, value, keyPath, offset));
    }
  }
  return Object.fromEntries([...entries].filter(([, value]) => value !== undefined));
}

function readScalar(
  reader: Reader,
  value: unknown,
  source: string | undefined,
  path: Path,
  offset: number,
): unknown {
  if (source === undefined || (typeof value !== "number" && typeof value !== "boolean")) {
    return value;
  }
  if (reader.isVerbatim(path)) return source;
  if (/^[-+]?0[0-9]/.test(source)) {
    // Some YAML readers take 010 as eight, others as ten.
    reader.report(offset, path, source, "a number without leading zeros", String(value));
    return undefined;
  }
  return value;
}

function refuseProperties(reader: Reader, node: unknown, path: Path, offset: number): void {
  if (!isScalar(node) && !isCollection(node)) return;
  if (node.anchor !== undefined) {
    const anchor = `the anchor ${quote(`&${node.anchor}`)}`;
    reader.reportOnce(offset, path, anchor, "the value alone, without an anchor");
  }
  if (node.tag !== undefined) {
    reader.report(offset, path, `the tag ${quote(node.tag)}`, "the value alone, without a tag");
  }
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
