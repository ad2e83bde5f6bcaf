import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { configFiles } from "../../test/_helpers/config-files.ts";
import { parseConfig, type ParsedConfig } from "./parse.ts";
import { formatProblem, formatProblems, type Path, type Problem } from "./checks/problem.ts";
import { configFile } from "./schema/config.ts";
import { overlaySettings, settle } from "./schema/settle.ts";
import { keysOf, schemaAt } from "./checks/suggest.ts";

test("what is written is what is read, for every environment and in either style of YAML", () => {
  fc.assert(
    fc.property(configFiles, fc.boolean(), (value, asJson) => {
      const text = asJson ? JSON.stringify(value) : stringify(value);
      for (const environment of Object.keys(value.environments ?? {})) {
        const expected = overlaySettings(value, environment);
        expect(read(text, environment)).toEqual({
          config: settle(value.name, environment, expected.region ?? "", expected),
          explain: expect.any(Function) as unknown,
        });
      }
    }),
    { numRuns: 100 },
  );
});

test("no text does more than give problems, each on one line with its place", () => {
  const fragment = fc.oneof(
    fc.constantFrom(
      ..."name: a|region: eu-central-1|image:|env: {|}|[|]|- |? |: |\n|\n  |\t|*a|&a |!!x |<<: |%YAML 1.1\n|---\n|...\n|\"|'|# || |>\n|__proto__: |constructor: |environments:\n  x:\n    |port: 08|null|~|1e999|\u0000|\ufeff|\r".split(
        "|",
      ),
    ),
    fc.string({ unit: "binary", maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 30 }), (parts) => {
      const text = parts.join("");
      expectWellFormed(read(text), text);
    }),
    { numRuns: 1000 },
  );
});

test("any value at any key is taken or gives problems that say where", () => {
  fc.assert(
    fc.property(
      configFiles,
      fc.constantFrom(...allPaths()),
      fc.jsonValue({ maxDepth: 3 }),
      (value, path, put) => {
        const text = stringify(replaceAt(value, path, put), { aliasDuplicateObjects: false });
        const parsed = read(text);
        expectWellFormed(parsed, text);
      },
    ),
    { numRuns: 200 },
  );
});

test("a key with one typo is unknown, and the key that was meant is suggested", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...allPaths()),
      fc.nat(),
      fc.constantFrom("a", "e", "x", "_", "-"),
      (path, seed, letter) => {
        const key = String(path.at(-1));
        const at = seed % key.length;
        const slip =
          seed % 2 === 0
            ? key.slice(0, at) + letter + key.slice(at)
            : key.slice(0, at) + letter + key.slice(at + 1);
        const map = path.slice(0, -1);
        fc.pre(!keysOf(schemaAt(configFile, map)).includes(slip));
        const problems = problemsOf(
          read(stringify(replaceAt({ name: "a", region: "eu-west-1" }, [...map, slip], 1))),
        );
        const problem = problems.find(({ found }) => found === "an unknown key");
        expect(problem?.path).toBe([...map, slip].join("."));
        expect(problem?.allowed.split(", ")).toContain(key);
        expect(problem?.suggestion).not.toBeNull();
      },
    ),
    { numRuns: 1000 },
  );
});

function expectWellFormed(parsed: ParsedConfig, text: string): void {
  const lines = text.split("\n").length;
  for (const problem of problemsOf(parsed)) {
    expect(problem.line).toBeGreaterThanOrEqual(1);
    expect(problem.line).toBeLessThanOrEqual(lines);
    expect(problem.column).toBeGreaterThanOrEqual(1);
    expect(formatProblem(problem)).toMatch(/^f\.yml:\d+:\d+  \P{Cc}+$/u);
  }
  if ("problems" in parsed) expect(formatProblems(parsed.problems).length).toBeGreaterThan(0);
}

function problemsOf(parsed: ParsedConfig): readonly Problem[] {
  return "problems" in parsed ? parsed.problems : [];
}

function read(text: string, environment?: string): ParsedConfig {
  const overrides =
    environment === undefined
      ? {}
      : { environment: { value: environment, origin: "--environment" } };
  return parseConfig({ text, file: "f.yml", overrides });
}

/** Every key of the file's maps, without those of the environments, which are the same. */
function allPaths(map: readonly string[] = []): readonly (readonly string[])[] {
  return keysOf(schemaAt(configFile, map)).flatMap((key) => [
    [...map, key],
    ...allPaths([...map, key]),
  ]);
}

function replaceAt(value: unknown, [first, ...rest]: Path, put: unknown): unknown {
  if (first === undefined) return put;
  const map = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  return { ...map, [first]: replaceAt(map[first], rest, put) };
}
