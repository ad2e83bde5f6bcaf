import type * as z from "zod/mini";
import { pathsOf } from "./known-keys.ts";
import {
  describeFound,
  formatPath,
  type Contradiction,
  type Path,
  type Problem,
} from "./problem.ts";
import { configFile } from "../schema/config.ts";
import { keysOf, schemaAt, suggestKey, suggestValue } from "./suggest.ts";
import type { Tree } from "../yaml/tree.ts";

/** The problems that one schema issue stands for. An issue can name several unknown keys of one map. */
export function explainIssue(
  tree: Tree,
  file: string,
  issue: z.core.$ZodIssue,
): readonly Problem[] {
  return pathsOf(issue).flatMap((path) => {
    // The YAML reader refused this value and has already reported why.
    if (isDropped(tree, path)) return [];
    if (issue.code === "unrecognized_keys") return [explainUnknownKey(tree, file, path)];
    const isKey = issue.code === "invalid_key";
    const message = isKey ? issue.issues[0]?.message : issue.message;
    const value = isKey ? path.at(-1) : valueAt(tree.value, path);
    const schema = schemaAt(configFile, path);
    return [
      {
        file,
        ...tree.locate(path, isKey ? "key" : "value"),
        path: formatPath(path),
        found: isKey
          ? `the name ${describeFound(value)}`
          : describeFound(value, tree.sourceOf(path)),
        allowed: message ?? issue.message,
        suggestion: isKey || schema === null ? null : suggestValue(schema, value),
      },
    ];
  });
}

/** Points to where the user can change it: the environment's override if there is one, otherwise the file's own key. */
export function explainContradiction(
  tree: Tree,
  file: string,
  environment: string,
  { paths, found, allowed, suggestion }: Contradiction,
): Problem {
  const [first] = paths;
  const overrides = paths.map((path) => ["environments", environment, ...path]);
  const place = [...overrides, ...paths].find((path) => tree.has(path)) ?? first;
  return {
    file,
    ...tree.locate(place),
    path: formatPath(place),
    found,
    allowed,
    suggestion: suggestion === undefined ? null : `${formatPath(first)}: ${suggestion}`,
  };
}

/** Whether the value at `path` is only a default because the file's own value was refused. */
export function isInDoubt(
  tree: Tree,
  bad: readonly Path[],
  environment: string,
  path: Path,
): boolean {
  return [path, ["environments", environment, ...path]].some(
    (full) =>
      isDropped(tree, full) ||
      // A list with one bad item is left out as a whole.
      bad.some((other) =>
        isPrefix(typeof other.at(-1) === "number" ? other.slice(0, -1) : other, full),
      ),
  );
}

function explainUnknownKey(tree: Tree, file: string, path: Path): Problem {
  const map = path.slice(0, -1);
  return {
    file,
    ...tree.locate(path, "key"),
    path: formatPath(path),
    found: "an unknown key",
    allowed: keysOf(schemaAt(configFile, map)).join(", "),
    suggestion: suggestKey(configFile, map, String(path.at(-1))),
  };
}

function isDropped(tree: Tree, path: Path): boolean {
  return path.some((_, index) => {
    const part = path.slice(0, index + 1);
    return tree.has(part) && valueAt(tree.value, part) === undefined;
  });
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (below, part) =>
      typeof below === "object" && below !== null && Object.hasOwn(below, part)
        ? (below as Record<string | number, unknown>)[part]
        : undefined,
    value,
  );
}

function isPrefix(short: Path, long: Path): boolean {
  return short.length <= long.length && short.every((part, index) => part === long[index]);
}
