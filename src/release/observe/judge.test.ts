import { expect, test } from "vitest";
import { agent, instance, release, snapshot } from "../../../test/_helpers/rollout-values.ts";
import { instanceText, judgeColour } from "./judge.ts";

const fine = { verdict: "fine" } as const;

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
    fine,
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

test.each([
  ["fetching" as const, {}, "i-1 fetching 41 %, 380 MB/s"],
  [
    "pulling" as const,
    { detail: "Pulling app: 70 % of 80 MB.", pulled_percent: 70 },
    "i-1 pulling 70 %, fetching 41 %, 380 MB/s",
  ],
])("weights show their share and their speed while %s", (state, more, text) => {
  const weights = { fetched_percent: 41, fetched_mb_per_second: 380 };
  expect(instanceText(instance({ agent: agent({ state, ...weights, ...more }) }))).toBe(text);
});

test("is healthy when enough targets run exactly this release", () => {
  const healthy = instance({ targetHealth: "healthy", agent: agent({ state: "healthy" }) });
  const old = instance({ targetHealth: "healthy", agent: agent({ state: "healthy", release: 6 }) });
  expect(
    judgeColour(snapshot({ instances: [healthy, old] }), "blue", release(), 2, fine).verdict,
  ).toBe("waiting");
  expect(
    judgeColour(snapshot({ instances: [healthy, healthy] }), "blue", release(), 2, fine).verdict,
  ).toBe("healthy");
});

test.each(["image-missing", "pull-denied", "out-of-memory", "unhealthy", "failed"] as const)(
  "fails at once on %s, with the container's last lines",
  (state) => {
    const bad = instance({
      id: "i-bad",
      agent: agent({ state, detail: "because", log_tail: ["line 1", "line 2"] }),
    });
    const verdict = judgeColour(snapshot({ instances: [bad] }), "blue", release(), 1, fine);
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
  expect(
    judgeColour(snapshot({ instances: [crashed(1)] }), "blue", release(), 1, fine).verdict,
  ).toBe("waiting");
  expect(
    judgeColour(snapshot({ instances: [crashed(2)] }), "blue", release(), 1, fine).verdict,
  ).toBe("failed");
});

test("waits for the successor of an instance that lost a GPU", () => {
  const lost = instance({ agent: agent({ state: "gpu-lost", detail: "0 of 1 GPUs answer." }) });
  expect(judgeColour(snapshot({ instances: [lost] }), "blue", release(), 1, fine)).toMatchObject({
    verdict: "waiting",
    detail: expect.stringContaining("gpu-lost: 0 of 1 GPUs answer.") as string,
  });
});

test("ignores reports about another release, from the other colour, and from terminating machines", () => {
  const instances = [
    instance({ agent: agent({ state: "crashed", restarts: 9, release: 6 }) }),
    instance({ colour: "green", agent: agent({ state: "failed" }) }),
    instance({ lifecycle: "Terminating", agent: agent({ state: "failed" }) }),
  ];
  expect(judgeColour(snapshot({ instances }), "blue", release(), 1, fine).verdict).toBe("waiting");
});

test("fails when Auto Scaling cannot launch, with AWS's reason and the next command", () => {
  const launch = { verdict: "failed", reason: "vCPU limit of 0.", next: "raise it" } as const;
  expect(judgeColour(snapshot(), "blue", release(), 1, launch)).toMatchObject({
    verdict: "failed",
    cause: "Auto Scaling could not launch an instance: vCPU limit of 0",
    next: "raise it",
  });
});

test("shows AWS's reason while Auto Scaling tries again", () => {
  const launch = { verdict: "trying", detail: "a launch failed" } as const;
  expect(judgeColour(snapshot(), "blue", release(), 1, launch)).toEqual({
    verdict: "waiting",
    detail: "0 of 1 targets healthy; a launch failed",
  });
});

test("distinguishes a healthy container from a healthy target", () => {
  expect(
    instanceText(
      instance({ id: "i-1", targetHealth: "initial", agent: agent({ state: "healthy" }) }),
    ),
  ).toBe("i-1 healthy, target initial");
});
