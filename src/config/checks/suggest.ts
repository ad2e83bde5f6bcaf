import { closest, distance } from "fastest-levenshtein";
import * as z from "zod/mini";
import { parseCidr } from "../fields/cidr.ts";
import { formatPath, type Path } from "./problem.ts";

/** The schema of the value at `path`; null when the schema has no such key. */
export function schemaAt(root: z.core.$ZodType, path: Path): z.core.$ZodType | null {
  return path.reduce<z.core.$ZodType | null>((schema, part) => {
    const { def } = (schema && unwrap(schema)?._zod) ?? {};
    if (def?.type === "object") {
      return Object.hasOwn(def.shape, part) ? (def.shape[part] ?? null) : null;
    }
    if (def?.type === "record") return def.valueType;
    return def?.type === "array" ? def.element : null;
  }, root);
}

export function keysOf(schema: z.core.$ZodType | null): readonly string[] {
  const def = schema === null ? undefined : unwrap(schema)._zod.def;
  return def?.type === "object" ? Object.keys(def.shape) : [];
}

/** The key of this map that was probably meant, or the place of that key elsewhere in the file. */
export function suggestKey(root: z.core.$ZodType, mapPath: Path, unknown: string): string | null {
  const here = nearest(unknown, keysOf(schemaAt(root, mapPath)));
  if (here !== null) return here;
  // From this map outwards, but never from an environment to what no environment can override.
  const outermost = mapPath[0] === "environments" ? 2 : 0;
  for (let length = mapPath.length; length >= outermost; length -= 1) {
    const map = mapPath.slice(0, length);
    const schema = schemaAt(root, map);
    const inside = schema === null ? undefined : placesOf(schema).get(unknown);
    if (inside !== undefined) return formatPath([...map, ...inside]);
  }
  return null;
}

/** The place of each key in a map of this schema, the one nearest to its top if there are several. */
function placesOf(schema: z.core.$ZodType): ReadonlyMap<string, Path> {
  const known = knownPlaces.get(schema);
  if (known !== undefined) return known;
  const places = new Map<string, Path>();
  let level: readonly Path[] = [[]];
  while (level.length > 0) {
    level = level.flatMap((map) => keysOf(schemaAt(schema, map)).map((key) => [...map, key]));
    for (const path of level) {
      const key = String(path.at(-1));
      if (!places.has(key)) places.set(key, path);
    }
  }
  knownPlaces.set(schema, places);
  return places;
}

/** The first variant of `value` that the schema takes, as it would be written in the file. */
export function suggestValue(schema: z.core.$ZodType, value: unknown): string | null {
  // Joining lines would change the text, and a terminal would obey control characters.
  if (typeof value === "string" && (value.length > mostCharacters || control.test(value.trim()))) {
    return null;
  }
  const candidate = rewritings(value, choicesOf(schema)).find(
    (one) => one !== value && z.safeParse(schema, one).success,
  );
  if (candidate === undefined) return null;
  return Array.isArray(candidate) ? `[${candidate.join(", ")}]` : String(candidate);
}

export function nearest(text: string, choices: readonly string[]): string | null {
  if (choices.length === 0 || text.length > mostCharacters) return null;
  const plain = simplify(text);
  const part = choices.filter((choice) => isPart(plain, simplify(choice)));
  if (part.length === 1) return part[0] ?? null;
  const best = closest(plain, choices.map(simplify));
  const most = Math.max(2, Math.floor(plain.length / 3));
  return distance(plain, best) > most
    ? null
    : (choices.find((choice) => simplify(choice) === best) ?? null);
}

function rewritings(
  value: unknown,
  choices: readonly (string | number)[],
): readonly (string | number | boolean | readonly string[])[] {
  if (typeof value === "number") {
    return [`${value}s`, String(value), ...closestNumber(value, choices)];
  }
  if (typeof value === "boolean") return [String(value)];
  if (typeof value !== "string") return [];
  const text = value.trim();
  const plain = text.toLowerCase();
  const digits = text.replaceAll(/[_,]/g, "");
  const host = plain.replace(/^[a-z]+:\/\//, "").replace(/[/.]+$/, "");
  return [
    text,
    plain,
    host,
    plain.replaceAll(/[_\s.]+/g, "-"),
    booleanWords.get(plain),
    digits === "" ? undefined : Number(digits),
    plain.replace(/^([0-9]+) ?(ms|s|m|h)[a-z]*$/, "$1$2"),
    /^[0-9]+$/.test(text) ? `${text}s` : undefined,
    text.startsWith("-") ? `./${text}` : `/${text}`,
    parseCidr(text)?.canonical,
    `${text}/32`,
    [text],
    nearest(text, choices.map(String)),
  ].filter((one) => one !== undefined && one !== null);
}

function closestNumber(value: number, choices: readonly (string | number)[]): readonly number[] {
  return choices
    .filter((choice) => typeof choice === "number")
    .toSorted((a, b) => Math.abs(a - value) - Math.abs(b - value))
    .slice(0, 1);
}

function choicesOf(schema: z.core.$ZodType): readonly (string | number)[] {
  const values = [...(unwrap(schema)._zod.values ?? [])];
  return values.filter((value) => typeof value === "string" || typeof value === "number");
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodTypes {
  const known = schema as z.core.$ZodTypes;
  const { def } = known._zod;
  return def.type === "optional" || def.type === "nullable" ? unwrap(def.innerType) : known;
}

function isPart(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length > 2 && long.includes(short);
}

function simplify(text: string): string {
  return text.toLowerCase().replaceAll(/[-_ ]/g, "");
}

const mostCharacters = 64;
const control = /\p{Cc}/u;
/** A file can have thousands of unknown keys. */
const knownPlaces = new WeakMap<z.core.$ZodType, ReadonlyMap<string, Path>>();
const booleanWords: ReadonlyMap<string, boolean> = new Map([
  ["yes", true],
  ["on", true],
  ["y", true],
  ["true", true],
  ["no", false],
  ["off", false],
  ["n", false],
  ["false", false],
]);
