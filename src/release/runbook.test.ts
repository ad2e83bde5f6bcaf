import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { plan, probe } from "../../test/_helpers/rollout-plans.ts";
import { agent, instance, release, snapshot } from "../../test/_helpers/rollout-values.ts";
import { findObjections } from "./plan/objections.ts";
import { TakenOverError } from "../state/journal.ts";
import { judgeAlarms } from "./observe/alarms.ts";
import { judgeColour } from "./observe/judge.ts";
import type { RolloutFailure } from "./observe/failure.ts";
import { judgeRule } from "./strategy/probe-window.ts";
import type { AgentState } from "../state/reports/agent-state.ts";
import { strategies } from "./strategy/strategies.ts";

const runbook = await readFile(new URL("../../docs/runbooks/releases.md", import.meta.url), "utf8");

/** The message with the runbook's names and numbers. */
function known(text: string): string {
  return text
    .replaceAll(/\bv8\b/g, "v2")
    .replaceAll(/\bv7\b/g, "v1")
    .replaceAll(/the alarm \S+/g, "the alarm NAME");
}

const failure: RolloutFailure = {
  cause: "the container crashes",
  where: "instance i-1",
  detail: [],
};

test.each([
  ["rolled back", plan(), { outcome: "rolled-back", failure, stuck: false }, "was rolled back: "],
  ["stuck", plan(), { outcome: "rolled-back", failure, stuck: true }, "Release 8 failed, and "],
  [
    "a return",
    plan({ warm: true }),
    { outcome: "failed", failure, stuck: false, stays: true },
    "again, but",
  ],
  ["no return", plan({ warm: true }), { outcome: "failed", failure, stuck: false }, "rollback to"],
] as const)("how a release ends is in the runbook: %s", (_, one, ending, part) => {
  const { message } = strategies[one.strategy].error(one, ending);
  expect(message).toContain(part);
  const words = known(message)
    .replace("Release 8", "Release N")
    .replace(/^(v2 was rolled back: ).*$/, "$1...")
    .replace(/^(The rollback to )v2( failed: ).*$/, "$1v1$2...");
  expect(runbook).toContain(one.warm ? words.replace("v2 has", "v1 has") : words);
});

test.each(["image-missing", "pull-denied", "crashed", "out-of-memory", "unhealthy"] as const)(
  "why an instance is hopeless is in the runbook: %s",
  (state: AgentState["state"]) => {
    const bad = instance({ agent: agent({ state, restarts: 2 }) });
    const verdict = judgeColour(snapshot({ instances: [bad] }), "blue", release(), 1, {
      verdict: "fine",
    });
    expect(verdict.verdict).toBe("failed");
    expect(runbook).toContain(`\`${"cause" in verdict ? verdict.cause : ""}\``);
  },
);

test("the other causes that end a release are in the runbook", () => {
  const launch = { verdict: "failed", reason: "no capacity", next: "" } as const;
  const lost = judgeColour(snapshot(), "blue", release(), 1, launch);
  const [alarm] = judgeAlarms([{ name: "errors", state: "ALARM", reason: "" }]);
  const elsewhere = judgeRule(plan(), [probe({ by: "rule", version: "v7" })], 61);
  const causes = [
    "cause" in lost ? lost.cause.replace(/: no capacity$/, "") : "",
    known(alarm?.cause ?? ""),
    elsewhere.verdict === "bad" ? known(elsewhere.failure.cause) : "",
    "the alarms cannot be read",
  ];
  for (const cause of causes) {
    expect(cause).not.toBe("");
    expect(runbook).toContain(`\`${cause}`);
  }
});

test("why a release is refused is in the runbook", () => {
  const group = { desired: 3, min: 3, max: 2, zones: [], launches: [] };
  const facts = {
    fleet: {
      ...snapshot(),
      weights: { blue: 50, green: 50 },
      groups: { blue: group, green: group },
    },
    active: release({ outcome: "succeeded" }),
    instances: 3,
    batch: 1,
    alarms: [
      { name: "a", state: "ALARM", reason: "" },
      { name: "b", state: "MISSING", reason: "" },
    ],
  };
  const objections = [
    ...findObjections({ ...facts, strategy: strategies["blue-green"] }),
    ...findObjections({ ...facts, strategy: strategies.rolling }),
  ].map((one) => known(one.what));
  for (const words of [
    "both colours have traffic",
    "the serving version v1 is not healthy",
    "instances on green, but its group allows at most",
    "instances out at a time, so none would serve",
    "the alarm NAME is already on",
    "the alarm NAME does not exist",
  ]) {
    expect(objections.some((objection) => objection.includes(words))).toBe(true);
    expect(runbook).toContain(words);
  }
});

test("another run's takeover is in the runbook", () => {
  expect(runbook).toContain(`\`${new TakenOverError().message}\``);
});
