import { expect, test } from "vitest";
import { plan, probe } from "../../../test/_helpers/rollout-plans.ts";
import { judgeAddress, judgeRule } from "./probe-window.ts";

const rule = (changes: Parameters<typeof probe>[0] = {}) => probe({ by: "rule", ...changes });

test("two good answers of the new version prove it", () => {
  expect(judgeRule(plan(), [rule()], 1).verdict).toBe("waiting");
  expect(judgeRule(plan(), [rule(), rule()], 1).verdict).toBe("good");
});

test("an app that does not report its version needs one more", () => {
  const silent = rule({ version: null });
  expect(judgeRule(plan(), [silent, silent], 1).verdict).toBe("waiting");
  expect(judgeRule(plan(), [silent, silent, silent], 1).verdict).toBe("good");
});

test("while the rule spreads, answers of the old version do not count", () => {
  const old = rule({ version: "v7", good: false });
  expect(judgeRule(plan(), [old, old, old, old], 10).verdict).toBe("waiting");
  expect(judgeRule(plan(), [old, old, old, rule(), rule()], 10).verdict).toBe("good");
});

test("a rule that never leads to the new version is reported as such", () => {
  const verdict = judgeRule(plan(), [rule({ version: "v7" })], 61);
  expect(verdict).toMatchObject({
    verdict: "bad",
    failure: { cause: expect.stringContaining("reach version v7, not v8") },
  });
});

test("the given number of failures in the window is bad, in any order, and older ones are forgotten", () => {
  const bad = rule({ good: false, detail: "POST /v1 answered 500" });
  const limits = plan({ probeFailures: 3, probeWindow: 5 });
  expect(judgeRule(limits, [bad, rule(), bad, rule(), bad], 1)).toMatchObject({
    verdict: "bad",
    failure: {
      cause: "3 of the last 5 probes failed",
      detail: ["POST /v1 answered 500"],
    },
  });
  expect(judgeRule(limits, [bad, bad, rule(), rule(), rule(), bad], 1).verdict).toBe("waiting");
  expect(judgeRule(limits, [bad, bad, rule(), rule(), rule(), rule()], 1).verdict).toBe("good");
});

test("through the address, only the old and the new version may answer", () => {
  const all = [probe({ version: "v7" }), probe({ version: "v8" }), probe({ version: "v7" })];
  expect(judgeAddress(plan(), all, false).verdict).toBe("good");
  const other = probe({ version: "v9" });
  expect(judgeAddress(plan(), [other, other, other], false).verdict).toBe("bad");
});

test("when all traffic has moved, the new version must answer", () => {
  expect(judgeAddress(plan(), [probe({ version: "v7" })], true).verdict).toBe("waiting");
  expect(judgeAddress(plan(), [probe({ version: "v8" })], true).verdict).toBe("good");
  expect(judgeAddress(plan(), [probe({ version: null })], true).verdict).toBe("good");
});

test("probes by the rule and probes of the address are judged separately", () => {
  const bad = probe({ good: false });
  expect(judgeRule(plan(), [bad, bad, bad], 1).verdict).toBe("waiting");
  expect(judgeAddress(plan(), [rule({ good: false }), rule({ good: false })], false).verdict).toBe(
    "waiting",
  );
});

test("probes without any answer name the setting that may keep this machine out", () => {
  const lost = rule({ good: false, version: null, detail: "GET /: no answer within 5 s" });
  const wrong = rule({ good: false, detail: "GET / answered 500 instead of 200" });
  expect(judgeRule(plan(), [lost, lost, lost], 1)).toMatchObject({
    failure: { next: expect.stringContaining("network.allow") },
  });
  expect(judgeRule(plan(), [wrong, wrong, wrong], 1)).not.toHaveProperty("failure.next");
});
