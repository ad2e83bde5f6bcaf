import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parse, stringify, type ToStringOptions } from "yaml";
import * as z from "zod/mini";
import { keysOf, schemaAt } from "../../src/config/checks/suggest.ts";
import type { Path } from "../../src/config/checks/problem.ts";
import { configFile, type ConfigFile } from "../../src/config/schema/config.ts";

/** A configuration with hostile text in its free strings, and how a user wrote it down. */
export interface HostileFile {
  readonly text: string;
  readonly value: ConfigFile;
}

/** Part of every hostile text, so that each place that the text reaches can be found. */
export const marker = "zqx";

/**
 * Configurations that begin as the reference's example, which has every key. Some of their texts, names in maps and entries of lists become
 * hostile. Three files in four have only texts that the schema allows at that place.
 */
export function hostileFiles(): fc.Arbitrary<HostileFile> {
  const example = referenceExample();
  return fc
    .record({
      changes: fc.array(change, { minLength: 3, maxLength: 12 }),
      fits: fc.integer({ min: 0, max: 3 }).map((number) => number > 0),
      omitted: fc.option(fc.constantFrom(...Object.keys(example).filter(isOptional))),
      isOverride: fc.boolean(),
      style: fc.constantFrom(...styles),
    })
    .map(({ changes, fits, omitted, isOverride, style }) => {
      const base = structuredClone(example);
      if (omitted !== null) delete base[omitted];
      const changed = changes.reduce((file, one) => applyChange(file, one, fits), base);
      const { name, region, environments: _, ...settings } = changed;
      const value = isOverride
        ? { name, region, environments: { production: settings } }
        : { ...changed, environments: { production: null } };
      // Unfolded: the writer does not fold each text so that it reads back the same.
      const text =
        style === "json" ? JSON.stringify(value) : stringify(value, { ...style, lineWidth: 0 });
      return { text, value: value as unknown as ConfigFile };
    });
}

type Dictionary = Record<string, unknown>;

interface Change {
  readonly place: number;
  readonly text: string;
  /** Whether a map or a list gets a new entry, instead of a new text in an old one. */
  readonly isNewEntry: boolean;
}

function applyChange(file: Dictionary, { place, text, isNewEntry }: Change, fits: boolean) {
  const paths = placesIn(file, isNewEntry);
  const path = paths[place % paths.length] ?? [];
  const schema = schemaAt(configFile, path);
  const wanted = isNewEntry ? entryFor(at(file, path), text) : (shape: string) => shape;
  const candidates = (fits ? alphabets : [alphabets[0]])
    .map((shape) => wanted(shape(text)))
    .filter((value) => !fits || schema === null || z.safeParse(schema, value).success);
  return candidates.length === 0 ? file : replaceAt(file, path, candidates[0]);
}

/** Paths of the texts, or of the maps with free names and the lists. */
function placesIn(value: unknown, isNewEntry: boolean, path: Path = []): readonly Path[] {
  if (typeof value === "string") return isNewEntry ? [] : [path];
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, inner]) =>
    placesIn(inner, isNewEntry, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  const isOpen = keysOf(schemaAt(configFile, path)).length === 0;
  return isNewEntry && isOpen ? [path, ...inside] : inside;
}

function entryFor(before: unknown, text: string): (shape: string) => unknown {
  return (shape) =>
    Array.isArray(before)
      ? [...(before as readonly unknown[]), shape]
      : // Not by assignment, which would lose __proto__.
        Object.fromEntries([...Object.entries(before as object), [shape, text]]);
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((below, part) => (below as Dictionary)[part], value);
}

function replaceAt<T>(value: T, [first, ...rest]: Path, put: unknown): T {
  if (first === undefined) return put as T;
  const entries = Object.entries(value as Dictionary).map(
    ([key, inner]) => [key, key === String(first) ? replaceAt(inner, rest, put) : inner] as const,
  );
  return (
    Array.isArray(value) ? entries.map((entry) => entry[1]) : Object.fromEntries(entries)
  ) as T;
}

function referenceExample(): Dictionary {
  const page = new URL("../../docs/reference/config.md", import.meta.url);
  const block = /```yaml\n(# yaml-language-server[^]*?)```/.exec(readFileSync(page, "utf8"));
  return parse(block?.[1] ?? "") as Dictionary;
}

function isOptional(key: string): boolean {
  return !["name", "region", "environments"].includes(key);
}

const fragments = [
  ...['${file("/etc/passwd")}', "${path.module}", "${", "$${x}", "%{ if true }", "%{", "%%{", "}"],
  ...["$(id)", "`id`", "$HOME", "; id", "&& id", "| sh", "> /tmp/x", "*", "~", "!!", "<<EOT", "-x"],
  ...['"', "'", "\\", '\\"', "\n", "\r\n", "\r", "\u2028", "\u0085", "\0", "\t", "\u001B[31m"],
  ...["- ", "? ", ": ", " #", "&a ", "*a", "!!binary ", "|", ">", "---", "...", "%YAML 1.1", "<<"],
  ...["null", "yes", "0o17", "1e3", "1_000", "{{ x }}", "<% x %>", "{}", "[]", ",", "../..", "//"],
  ...["__proto__", "constructor", "é", "e\u0301", "😀", "\u202E", "\uFEFF", " ", "="],
];

/** Text that a shell, YAML, Terraform or a terminal would act on. */
export const hostileText = fc
  .tuple(
    fc.array(
      fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: "grapheme", maxLength: 4 })),
      {
        maxLength: 5,
      },
    ),
    fc.nat(5),
  )
  .map(([parts, index]) => parts.toSpliced(index, 0, marker).join(""));

const change: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(1000),
  text: hostileText,
  isNewEntry: fc.boolean(),
});

/** As it is, then with ever fewer characters: what the keys of the configuration take. */
const alphabets = [
  (text: string) => text,
  (text: string) => text.replaceAll(/\p{Cc}/gu, ""),
  (text: string) => text.replaceAll(/^-+|\p{Cc}/gu, ""),
  (text: string) => text.replaceAll(/[^ -~]/g, ""),
  (text: string) => `/${text.replaceAll(/[^!-~]/g, "").replace(/^[/\\]+/, "")}`,
  (text: string) => text.replaceAll(/[\s.[\]$"'*]/g, ""),
  (text: string) => text.replaceAll(/[^\p{L}\p{N} +\-=._:/@]/gu, ""),
  (text: string) => text.replaceAll(/[^A-Za-z0-9-]/g, ""),
  (text: string) => text.replaceAll(/[^A-Za-z]/g, ""),
] as const;

const styles: readonly ("json" | ToStringOptions)[] = [
  "json",
  {},
  { defaultStringType: "QUOTE_DOUBLE" },
  { defaultStringType: "QUOTE_SINGLE", defaultKeyType: "PLAIN" },
  { defaultStringType: "BLOCK_LITERAL" },
  { defaultStringType: "BLOCK_FOLDED", defaultKeyType: "QUOTE_SINGLE" },
];
