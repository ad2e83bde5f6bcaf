import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import type { Call } from "../../../test/_helpers/fake-parts.ts";
import { answers, startLooking, startLookingWith } from "../../../test/_helpers/look-world.ts";
import { byBoth } from "../strategy/step.ts";

test("everything is seen at one moment: the new version, its instances, the alarms and the answers", async () => {
  const { world, see, asked, signal } = startLooking();
  await world.clock.sleep(1000);
  await see();
  await world.clock.sleep(5000);
  expect(await see()).toEqual({
    at: Date.parse("2026-01-01T01:00:06.000Z"),
    candidate: { verdict: "healthy", detail: "2 of 2 targets healthy" },
    alarms: [],
    probes: answers,
    members: ["i-3", "i-4"].map((id) => ({
      id,
      lifecycle: "InService",
      deployment: 8,
      ready: true,
      serving: true,
    })),
    previous: ["i-1", "i-2"].map((id) => ({
      id,
      lifecycle: "InService",
      deployment: 7,
      ready: true,
      serving: true,
    })),
    capacity: { blue: { desired: 2, max: 4 }, green: { desired: 2, max: 4 } },
  });
  expect(asked.at(-1)).toEqual([byBoth, "bake 0", signal]);
});

test("a fleet that cannot be read is shown so, and one that Ctrl-C has hidden is not", async () => {
  const { see, fleets, stop } = startLooking("fleet.groups");
  await see();
  expect(fleets).toEqual([null]);
  stop.abort();
  await see();
  expect(fleets).toEqual([null]);
});

test("an instance that starts is seen with what its agent reports", async () => {
  const { see } = startLooking();
  const { candidate, members } = await see();
  expect(candidate).toMatchObject({
    verdict: "waiting",
    detail: expect.stringMatching(/^0 of 2 targets healthy; i-3 starting; i-4 starting$/),
  });
  expect(members).toContainEqual({
    id: "i-3",
    lifecycle: "InService",
    deployment: 8,
    ready: false,
    serving: false,
  });
});

test("an instance in Standby that runs the release is ready, and does not serve", async () => {
  const { world, stack, see } = startLooking();
  await see();
  await world.clock.sleep(5000);
  stack.groups.green.min = 0;
  await world.deps.fleet.enterStandby("green", ["i-3"]);
  const { members } = await see();
  expect(members?.find(({ id }) => id === "i-3")).toMatchObject({
    lifecycle: "Standby",
    ready: true,
    serving: false,
  });
});

test("a container that crashes is a failure, with its last lines", async () => {
  const { stack, see } = startLooking();
  const bad = {
    state: "crashed",
    detail: "exit code 1",
    restarts: 2,
    log_tail: ["no model"],
  } as const;
  stack.bad.set(8, bad);
  expect((await see()).candidate).toMatchObject({
    verdict: "failed",
    cause: "the container crashes: exit code 1",
    detail: ["no model"],
  });
});

const quota = "You have requested more vCPU capacity than your current vCPU limit of 0 allows.";

test("a launch that failed before the release says nothing of it, one since then does", async () => {
  const { world, stack, see } = startLooking();
  stack.launches.green.push({ id: "old", zone: "eu-west-1a", state: "failed", reason: quota });
  Object.assign(stack.groups.green, { min: 0, desired: 0 });
  await see();
  stack.groups.green.desired = 2;
  stack.refusals.set("eu-west-1b", "Authentication Failure. Launching EC2 instance failed.");
  expect((await see()).candidate).toMatchObject({
    verdict: "waiting",
    detail: expect.stringMatching(/; a launch failed, .*: Authentication Failure/),
  });
  stack.refusals.set("eu-west-1a", quota);
  await world.clock.sleep(10_000);
  expect((await see()).candidate).toMatchObject({
    verdict: "failed",
    cause: expect.stringMatching(/^Auto Scaling could not launch an instance: You have .* allows$/),
    next: expect.stringContaining("aws service-quotas"),
  });
});

test("a zone without capacity is no failure: Auto Scaling tries the next one", async () => {
  const { world, stack, see } = startLooking();
  stack.refusals.set("eu-west-1a", "We currently do not have sufficient t3.small capacity");
  expect((await see()).candidate.verdict).toBe("waiting");
  for (let count = 0; count < 6; count += 1) {
    await world.clock.sleep(10_000);
    await see();
  }
  expect((await see()).candidate.verdict).toBe("healthy");
});

test("launches that were unknown at the beginning are not judged until AWS lists them", async () => {
  const { stack, see } = startLooking("fleet.launches");
  stack.launches.green.push({ id: "old", zone: "", state: "failed", reason: quota });
  expect((await see()).candidate.verdict).toBe("waiting");
});

test.each<Call>(["fleet.groups", "door.weights", "door.health", "store.get"])(
  "instances that cannot be seen (%s) are waited for, with AWS's reason and number",
  async (call) => {
    const { stack, see } = startLooking(call);
    stack.alarmsOn.add("app-production-green-errors");
    const seen = await see();
    expect(seen.candidate).toEqual({
      verdict: "waiting",
      detail: expect.stringMatching(
        /^the instances cannot be read now: .*ThrottlingException: Rate exceeded \(AWS request r-5\)/,
      ),
    });
    expect(seen.members).toBeNull();
    // What can be seen is.
    expect(seen.probes).toEqual(answers);
    expect(seen.alarms.map(({ alarm }) => alarm)).toEqual(["app-production-green-errors"]);
  },
);

test("alarms that cannot be read are one failure without a name", async () => {
  const { see } = startLooking("alarms.describe");
  const { alarms, members } = await see();
  expect(alarms).toEqual([
    {
      alarm: "",
      cause: "the alarms cannot be read",
      where: "CloudWatch",
      detail: [expect.stringContaining("Rate exceeded (AWS request r-5)")],
    },
  ]);
  expect(members).not.toBeNull();
});

test("alarms that are on or do not exist are reported by name, and only those of the plan are read", async () => {
  const { stack, see } = startLooking();
  stack.alarmsOn.add("app-production-green-errors").add("somebody-elses");
  stack.alarmsMissing.add("app-production-green-unhealthy");
  expect((await see()).alarms).toMatchObject([
    { alarm: "app-production-green-errors", detail: ["Threshold Crossed"] },
    { cause: "the alarm app-production-green-unhealthy does not exist" },
  ]);
});

test.each<Call>(["fleet.groups", "door.weights", "door.health", "store.get", "alarms.describe"])(
  "a missing permission (%s) is a failure at once, because waiting does not help",
  async (call) => {
    const words =
      "User: arn:aws:iam::1:user/ada is not authorized to perform: x:Describe because no permissions boundary allows the x:Describe action";
    const { see } = startLookingWith(awsFailure("AccessDenied", words), call);
    expect((await see()).candidate).toMatchObject({
      verdict: "failed",
      cause: expect.stringMatching(/call x:Describe, because of a permissions boundary$/),
      where: "permissions",
      detail: [expect.stringContaining("(AWS request r-1)")],
      next: "Allow x:Describe in the permissions boundary of arn:aws:iam::1:user/ada, then run the same command again",
    });
  },
);

test("an AWS that does not answer is waited for, and does not hold the look back", async () => {
  const { world, see } = startLooking();
  const late = async <T>(): Promise<T> => Promise.reject(new Error("no answer within 15 s"));
  Object.assign(world.deps, { inTime: late });
  const seen = await see();
  expect(seen.candidate).toEqual({
    verdict: "waiting",
    detail: "the instances cannot be read now: Error: no answer within 15 s",
  });
  expect(seen.alarms).toMatchObject([{ alarm: "", cause: "the alarms cannot be read" }]);
  expect(seen.probes).toEqual(answers);
});

test.each(["ExpiredToken", "ExpiredTokenException", "RequestExpired"])(
  "keys that have ended (%s) are a failure at once, because no wait brings them back",
  async (name) => {
    const { see } = startLookingWith(awsFailure(name, "The token is expired"), "fleet.groups");
    expect((await see()).candidate).toMatchObject({
      verdict: "failed",
      cause: "The AWS credentials have expired",
    });
  },
);
