import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { networkArbitrary } from "../../test/_helpers/network-arbitrary.ts";
import { parseConfig, type ParsedConfig } from "./parse.ts";
import { formatProblem, formatProblems, type Path, type Problem } from "./checks/problem.ts";
import { regions } from "./fields/regions.ts";
import { configFile, type ConfigFile, type Settings } from "./schema/config.ts";
import { overlaySettings, settle } from "./schema/settle.ts";
import { keysOf, schemaAt } from "./checks/suggest.ts";

const whole = (min: number, max: number) => fc.integer({ min, max });
const some = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(shape, { requiredKeys: [] });
const line = fc
  .string({ unit: "grapheme", maxLength: 40 })
  .filter((text) => !/[\n\r\0]/.test(text));
const variable = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/)
  .filter((name) => name !== "__proto__");
// YAML writes the negative zero as -0, JavaScript as 0.
const number = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((value) => !Object.is(value, -0));
const scalar = fc.oneof(line, fc.integer(), number, fc.boolean());
const tagKey = fc.stringMatching(/^[b-hj-z][a-z0-9 +=.:/@-]{0,20}$/);
const label = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
const urlPath = fc.stringMatching(/^\/(?:[a-z0-9_.?=&%-][a-z0-9/_.?=&%-]{0,20})?$/);
const filePath = fc.stringMatching(/^[A-Za-z0-9_./ ][A-Za-z0-9_./ -]{0,20}$/);
const seconds = (min: number, max: number) => whole(min, max).map((count) => `${count}s`);
const requestBody = fc.oneof(
  line,
  fc.array(fc.oneof(line, fc.integer()), { maxLength: 3 }),
  fc.dictionary(variable, fc.oneof(line, fc.boolean(), fc.constant(null), fc.array(line)), {
    maxKeys: 3,
  }),
);

// Values that never contradict each other: those are check.test.ts's.
const settings: fc.Arbitrary<Settings> = some<Required<Settings>>({
  region: fc.constantFrom(...regions),
  topology: fc.constant("fleet" as const),
  image: some({
    context: filePath,
    dockerfile: filePath,
    build_args: fc.dictionary(variable, scalar, { maxKeys: 4 }),
    port: whole(1, 65_535),
  }),
  health: some({
    path: urlPath,
    interval: seconds(5, 30),
    timeout: whole(1, 120).map((minutes) => `${minutes}m`),
    unhealthy_threshold: whole(2, 10),
    drain: seconds(0, 3600),
    fail_fast: fc.boolean(),
  }),
  // At least the longest timeout of the probe below.
  requests: some({ timeout: seconds(60, 4000) }),
  secrets: fc.dictionary(variable, fc.constant("file" as const), { maxKeys: 4 }),
  version: some({ path: urlPath, field: variable }),
  instances: some({
    type: fc.constantFrom("t3.small", "c7g.xlarge", "r7a.12xlarge", "m7i.metal-24xl"),
    cpu_credits: fc.constantFrom("standard" as const, "unlimited" as const),
    min: whole(1, 9),
    max: whole(9, 500),
    disk: whole(8, 16_384),
    boot_timeout: seconds(60, 7200),
    memory: whole(64, 100_000),
    machine_image: fc.constant("ami-0123456789abcdef0"),
  }),
  network: networkArbitrary,
  identity: some({ permissions_boundary: fc.constant("arn:aws:iam::aws:policy/boundary") }),
  github: fc.record({ repository: fc.constant("o/.github"), branches: fc.tuple(label) }),
  state: fc.record({ backend: fc.constant("local" as const) }),
  domain: label.map((name) => `${name}.example.com`),
  zone: fc.constant("example.com"),
  env: fc.dictionary(variable, scalar, { maxKeys: 6 }),
  tags: fc.dictionary(tagKey, fc.stringMatching(/^[A-Za-z0-9 ]{0,20}$/), { maxKeys: 6 }),
  logs: some({ retention: fc.constantFrom(1 as const, 30 as const, 3653 as const) }),
  protection: fc.boolean(),
  release: some({
    // Without rolling, which wants more of instances.min.
    strategy: fc.constantFrom("blue-green" as const, "canary" as const, "linear" as const),
    bake: seconds(0, 60),
    timeout: seconds(1500, 86_400),
    keep_previous: seconds(60, 86_400),
    alarms: fc.uniqueArray(fc.stringMatching(/^[b-z0-9/ _.-]{1,40}$/), { maxLength: 5 }),
    canary: some({ weight: whole(1, 99), bake: seconds(0, 60) }),
    linear: some({ step: whole(5, 50), interval: seconds(1, 30) }),
    rolling: some({ batch: whole(1, 20) }),
    probe: fc.record(
      {
        path: urlPath,
        method: fc.constantFrom("POST" as const, "PUT" as const, "PATCH" as const),
        headers: fc.dictionary(
          fc.stringMatching(/^x-[a-z0-9-]{1,9}$/),
          fc.oneof(fc.stringMatching(/^[ -~]{0,20}$/), fc.integer(), fc.boolean()),
          { maxKeys: 4 },
        ),
        body: requestBody,
        status: whole(200, 599),
        json_path: fc.stringMatching(/^[a-z0-9_-]{1,5}(\.[a-z0-9_-]{1,5}){0,3}$/),
        timeout: whole(100, 60_000).map((ms) => `${ms}ms`),
        failures: whole(1, 5),
        window: whole(5, 100),
      },
      { requiredKeys: ["method"] },
    ),
  }),
  alarms: some({
    server_errors: whole(1, 1000),
    unanswered: whole(1, 1000),
    notify: fc.constant(null).map(() => []),
    p99: whole(1, 5000).map((ms) => `${ms}ms`),
    unhealthy_hosts: whole(1, 500),
  }),
}).map((value) => (value.domain === undefined ? value : { zone: "example.com", ...value }));

const file: fc.Arbitrary<ConfigFile> = fc
  .record({
    name: label,
    settings,
    environments: fc.dictionary(label, fc.option(settings), { maxKeys: 3 }),
  })
  .map(({ name, settings: base, environments }) => ({
    name,
    ...base,
    region: base.region ?? "eu-central-1",
    environments: { production: null, ...environments },
  }));

test("what is written is what is read, for every environment and in either style of YAML", () => {
  fc.assert(
    fc.property(file, fc.boolean(), (value, asJson) => {
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
      file,
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
