import { expect, test } from "vitest";
import { agent, instance, release, snapshot } from "../../../test/_helpers/rollout-values.ts";
import { instanceText, judgeColour } from "./judge.ts";

test("waits while instances boot, and shows what each one does", () => {
  const verdict = judgeColour(
    snapshot({
      instances: [
        instance({ id: "i-1", agent: null }),
        instance({ id: "i-2", agent: agent({ state: "pulling" }) }),
      ],
    }),
    "blue",
    release(),
    2,
  );
  expect(verdict).toEqual({
    verdict: "waiting",
    detail: "0 of 2 targets healthy; i-1 booting; i-2 pulling",
  });
});

test.each([
  [{ detail: "Pulling registry/app@sha256:77." }, "i-1 pulling"],
  [
    { detail: "Pulling registry/app@sha256:77: 41 % of 800 MB.", pulled_percent: 41 },
    "i-1 pulling 41 %",
  ],
  [
    { detail: "registry/app@sha256:77 could not be pulled: toomanyrequests" },
    "i-1 pulling: registry/app@sha256:77 could not be pulled: toomanyrequests",
  ],
])("a pull shows its share, and why it takes longer: %o", (changes, text) => {
  expect(instanceText(instance({ agent: agent({ state: "pulling", ...changes }) }))).toBe(text);
});

test("is healthy when enough targets run exactly this release", () => {
  const healthy = instance({ targetHealth: "healthy", agent: agent({ state: "healthy" }) });
  const old = instance({ targetHealth: "healthy", agent: agent({ state: "healthy", release: 6 }) });
  expect(judgeColour(snapshot({ instances: [healthy, old] }), "blue", release(), 2).verdict).toBe(
    "waiting",
  );
  expect(
    judgeColour(snapshot({ instances: [healthy, healthy] }), "blue", release(), 2).verdict,
  ).toBe("healthy");
});

test.each(["image-missing", "pull-denied", "out-of-memory", "unhealthy", "failed"] as const)(
  "fails at once on %s, with the container's last lines",
  (state) => {
    const bad = instance({
      id: "i-bad",
      agent: agent({ state, detail: "because", log_tail: ["line 1", "line 2"] }),
    });
    const verdict = judgeColour(snapshot({ instances: [bad] }), "blue", release(), 1);
    expect(verdict).toMatchObject({
      verdict: "failed",
      cause: expect.stringContaining("because"),
      where: expect.stringContaining("i-bad"),
      detail: ["line 1", "line 2"],
    });
  },
);

test("tolerates one crash, which the agent reports as one restart, but not two", () => {
  const crashed = (restarts: number) => instance({ agent: agent({ state: "crashed", restarts }) });
  expect(judgeColour(snapshot({ instances: [crashed(1)] }), "blue", release(), 1).verdict).toBe(
    "waiting",
  );
  expect(judgeColour(snapshot({ instances: [crashed(2)] }), "blue", release(), 1).verdict).toBe(
    "failed",
  );
});

test("ignores reports about another release, from the other colour, and from terminating machines", () => {
  const instances = [
    instance({ agent: agent({ state: "crashed", restarts: 9, release: 6 }) }),
    instance({ colour: "green", agent: agent({ state: "failed" }) }),
    instance({ lifecycle: "Terminating", agent: agent({ state: "failed" }) }),
  ];
  expect(judgeColour(snapshot({ instances }), "blue", release(), 1).verdict).toBe("waiting");
});

test("fails when Auto Scaling cannot launch, unless that was before this release", () => {
  const at = (time: string) => snapshot({ launchFailure: { reason: "vCPU limit of 0", at: time } });
  expect(judgeColour(at("2026-01-02T00:00:00.000Z"), "blue", release(), 1)).toMatchObject({
    verdict: "failed",
    cause: expect.stringContaining("vCPU limit of 0"),
  });
  expect(judgeColour(at("2025-12-31T00:00:00.000Z"), "blue", release(), 1).verdict).toBe("waiting");
});

test("distinguishes a healthy container from a healthy target", () => {
  expect(
    instanceText(
      instance({ id: "i-1", targetHealth: "initial", agent: agent({ state: "healthy" }) }),
    ),
  ).toBe("i-1 healthy, target initial");
});
