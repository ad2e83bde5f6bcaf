import { expect, test } from "vitest";
import { settle } from "../../config/schema/settle.ts";
import type { Settings } from "../../config/schema/config.ts";
import { CommandError } from "../../errors/command-error.ts";
import { releaseSettings, type ReleaseFlags } from "./release-flags.ts";

test("without flags, the file's settings apply", () => {
  const config = configOf({ release: { bake: "0s", strategy: "linear" } });
  expect(releaseSettings(config, {})).toEqual(config.release);
  expect(releaseSettings(config, { bake: undefined })).toEqual(config.release);
});

test("a flag overrides the file and changes nothing else", () => {
  const config = configOf({ release: { bake: "1m", canary: { bake: "5s" }, alarms: ["queue"] } });
  expect(
    releaseSettings(
      config,
      typed({
        strategy: "canary",
        bake: "0s",
        timeout: "1h",
        keepPrevious: "24h",
        canaryWeight: "25",
      }),
    ),
  ).toEqual({
    ...config.release,
    strategy: "canary",
    bakeSeconds: 0,
    timeoutSeconds: 3600,
    keepPreviousSeconds: 86_400,
    canary: { weight: 25, bakeSeconds: 5 },
  });
});

test("a wrong value from a variable names the variable, and the flag that overrides it", () => {
  const bake = { value: "2 minutes", origin: "INFER_DEPLOY_BAKE" };
  expect(refusalOf(() => releaseSettings(configOf({}), { bake }))).toMatchObject({
    message:
      'INFER_DEPLOY_BAKE takes a duration from 0s to 24h, such as 5s or 2m; found "2 minutes".',
    next: "give --bake 2m",
  });
  const long = { value: "40m", origin: "INFER_DEPLOY_BAKE" };
  expect(refusalOf(() => releaseSettings(configOf({}), { bake: long }))).toMatchObject({
    message: "INFER_DEPLOY_BAKE 40m and release.timeout do not go together.",
    next: "give --timeout 42m",
  });
});

test.each<[Typed, string, string]>([
  [
    { strategy: "bluegreen" },
    '--strategy takes blue-green, canary, linear, rolling, recreate or auto; found "bluegreen".',
    "give --strategy blue-green",
  ],
  [
    { bake: "2 minutes" },
    '--bake takes a duration from 0s to 24h, such as 5s or 2m; found "2 minutes".',
    "give --bake 2m",
  ],
  [
    { timeout: "" },
    '--timeout takes a duration from 1m to 24h, such as 5s or 2m; found "".',
    "infer-deploy release --help",
  ],
  [
    { keepPrevious: "0s" },
    '--keep-previous takes a duration from 1m to 24h, such as 5s or 2m; found "0s".',
    "infer-deploy release --help",
  ],
  [
    { canaryWeight: "100" },
    '--canary-weight takes a whole number from 1 to 99; found "100".',
    "infer-deploy release --help",
  ],
  [
    { canaryWeight: "1e1" },
    '--canary-weight takes a whole number from 1 to 99; found "1e1".',
    "give --canary-weight 10",
  ],
  [
    { strategy: "\u001b[31mred" },
    '--strategy takes blue-green, canary, linear, rolling, recreate or auto; found "\\u001b[31mred".',
    "infer-deploy release --help",
  ],
])("%j is refused", (flags, message, next) => {
  expect(errorOf({}, flags)).toMatchObject({ exitCode: 64, message, next });
});

test.each<[Settings, Typed, string, string, string]>([
  [
    { instances: { min: 1 } },
    { strategy: "rolling" },
    "--strategy rolling and instances.min do not go together.",
    "found min 1 with the strategy rolling, allowed instances.min of at least 2: rolling takes one instance out at a time, and none would serve",
    "change --strategy or the configuration",
  ],
  [
    { release: { rolling: { batch: 2 } } },
    { strategy: "rolling" },
    "--strategy rolling, release.rolling.batch and instances.min do not go together.",
    "found batch 2 with min 2, allowed a batch smaller than instances.min, so that some instances serve",
    "set release.rolling.batch: 1 in the configuration",
  ],
  [
    {},
    { bake: "40m" },
    "--bake 40m and release.timeout do not go together.",
    "found timeout 30m with 40m of waiting, allowed a timeout longer than release.bake, with time for the instances to start",
    "give --timeout 42m",
  ],
  [
    {},
    { bake: "40m", timeout: "39m" },
    "--timeout 39m and --bake 40m do not go together.",
    "found timeout 39m with 40m of waiting, allowed a timeout longer than release.bake, with time for the instances to start",
    "give --timeout 42m",
  ],
])("with the settings %j, the flags %j contradict them", (settings, flags, message, why, next) => {
  expect(errorOf(settings, flags)).toMatchObject({ exitCode: 64, message, why, next });
});

test("all problems are reported at once; contradictions of a refused value are not guessed", () => {
  expect(errorOf({}, { bake: "x", timeout: "1m", canaryWeight: "0" })).toMatchObject({
    exitCode: 64,
    message: "The flags of release have 2 problems.",
    detail: [
      '--bake takes a duration from 0s to 24h, such as 5s or 2m; found "x"',
      '--canary-weight takes a whole number from 1 to 99; found "0"',
    ],
  });
  expect(errorOf({ instances: { min: 1 } }, { strategy: "rolling", timeout: "1m" })).toMatchObject({
    message: "The flags of release have 2 problems.",
    detail: [
      expect.stringContaining("--strategy rolling and instances.min do not go together: found min"),
      expect.stringContaining("--timeout 1m and release.bake do not go together: found timeout"),
    ],
  });
});

function errorOf(settings: Settings, flags: Typed): unknown {
  return refusalOf(() => releaseSettings(configOf(settings), typed(flags)));
}

function refusalOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(CommandError);
    return error;
  }
}

type Typed = { readonly [Key in keyof ReleaseFlags]: string };

/** As the command line gives them. */
function typed(flags: Typed): ReleaseFlags {
  return Object.fromEntries(
    Object.entries(flags).map(([key, value]) => {
      const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      return [key, { value, origin: flag }];
    }),
  );
}

function configOf(settings: Settings) {
  return settle("my-api", "production", "eu-central-1", settings);
}
