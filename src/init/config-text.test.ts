import fc from "fast-check";
import { expect, test } from "vitest";
import { formatProblems } from "../config/checks/problem.ts";
import { parseConfig } from "../config/parse.ts";
import { configText } from "./config-text.ts";
import type { DockerfileFacts } from "./dockerfile.ts";
import { settingsOf, type Given } from "./settings.ts";
import type { Trial } from "./trial/try-image.ts";

const facts: DockerfileFacts = {
  ...{ ports: [], env: {}, user: null, healthPath: null, openArgs: [], sources: [] },
};
const given: Given = {
  ...{ name: "api", region: "eu-central-1", context: ".", dockerfile: "Dockerfile" },
  ...{ ref: null, buildArgs: {}, repository: null, facts, trial: null },
};
const trial: Trial = {
  ...{ port: 9000, otherPorts: [], path: "/ready", seconds: 1, env: [], problems: [] },
};

function read(text: string, environment = "production") {
  const overrides = { environment: { value: environment, origin: "test" } };
  const parsed = parseConfig({ text, file: "infer-deploy.yml", overrides });
  if ("problems" in parsed) throw new Error(formatProblems(parsed.problems).join("\n"));
  return parsed.config;
}

test.each([
  ["nothing", facts, null, 8080, "/healthz", [true, true]],
  ["one EXPOSE", { ...facts, ports: [8000] }, null, 8000, "/healthz", [false, true]],
  ["two", { ...facts, ports: [9090, 8000] }, null, 9090, "/healthz", [true, true]],
  ["HEALTHCHECK", { ...facts, healthPath: "/up" }, null, 8080, "/up", [true, false]],
  ["a run", { ...facts, ports: [1] }, trial, 9000, "/ready", [false, false]],
  ["a run without an answer", facts, { ...trial, path: null }, 9000, "/healthz", [false, true]],
])("%s", (_, dockerfile, run, port, path, guesses) => {
  const settings = settingsOf({ ...given, facts: dockerfile, trial: run });
  const text = configText(settings);
  const { image, health } = read(text);
  expect([image.port, health.path]).toEqual([port, path]);
  expect([settings.port.isGuess, settings.path.isGuess]).toEqual(guesses);
  expect(text.includes("# CHECK: ")).toBe(guesses.includes(true));
});

test("a slow start gets three times its time", () => {
  const text = configText(settingsOf({ ...given, trial: { ...trial, seconds: 70 } }));
  expect(read(text).health.timeoutSeconds).toBe(240);
});

test("what the container needs is in the file, with the reason above it", () => {
  const env = [{ name: "HF_HOME", value: "/tmp", reason: "The container writes to /models." }];
  const text = configText(settingsOf({ ...given, trial: { ...trial, env } }));
  expect(text).toContain("  # The container writes to /models.\n  HF_HOME: /tmp\n");
  expect(read(text).env).toEqual({ HF_HOME: "/tmp" });
});

test("what cannot be helped is in the file as a thing to fix", () => {
  const text = configText(
    settingsOf({ ...given, trial: { ...trial, problems: ["It broke.\nX"] } }),
  );
  expect(text).toContain("\n# TO FIX: It broke. X\n");
  read(text);
});

test("a repository gets two environments, each with a role for its jobs", () => {
  const text = configText(settingsOf({ ...given, repository: "octo-org/Repo.x" }));
  for (const environment of ["staging", "production"]) {
    expect(read(text, environment).github).toMatchObject({
      ...{ repository: "octo-org/Repo.x", environments: [environment], branches: [] },
    });
  }
  expect(read(text, "staging").protection).toBe(false);
});

test("whatever the names, the file says what was meant", () => {
  const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 });
  const line = word.filter((text) => !/[\n\r\0]/.test(text));
  // The schema takes no name that looks like a flag or is only white space.
  const file = line.filter((text) => !text.startsWith("-") && text.trim() !== "");
  fc.assert(
    fc.property(file, file, line, line, (context, dockerfile, value, reason) => {
      const env = [{ name: "A", value, reason: `${reason}\nb: [` }];
      const text = configText(
        settingsOf({
          ...{ ...given, context, dockerfile, buildArgs: { KEY: value } },
          trial: { ...trial, env, problems: [reason] },
        }),
      );
      const config = read(text);
      expect(config.image).toMatchObject({ context, dockerfile, buildArgs: { KEY: value } });
      expect(config.env).toEqual({ A: value });
    }),
  );
});
