import { expect, test } from "vitest";
import type { Launch } from "../../aws/describe-launches.ts";
import { judgeLaunches } from "./launches.ts";

const zones = ["eu-west-1a", "eu-west-1b"];

/** Newest first: the zone's letter, and AWS's words for a failed one. */
function launches(...all: readonly (readonly [string, string] | string)[]): readonly Launch[] {
  return all.map((one, index) => {
    const [letter, reason] = typeof one === "string" ? [one, ""] : one;
    const state = reason === "" ? "done" : "failed";
    return { id: `l-${index}`, zone: `eu-west-1${letter}`, state, reason };
  });
}

const capacity =
  "We currently do not have sufficient t3.small capacity in the Availability Zone you requested (eu-west-1a). Launching EC2 instance failed.";

test.each([
  [
    "You have requested more vCPU capacity than your current vCPU limit of 5 allows for the instance bucket that the specified instance type belongs to. Launching EC2 instance failed.",
    "quota of vCPUs",
  ],
  ["VcpuLimitExceeded", "service-quotas"],
  ["You've reached your quota for maximum Fleet Requests for this account.", "quota"],
  [
    // EC2's words for one that its owner has deregistered; Auto Scaling leaves out the code.
    "The image id '[ami-0]' is no longer available. Launching EC2 instance failed.",
    "infer-deploy up --refresh-ami",
  ],
  [
    "InvalidAMIID.NotFound - The image id '[ami-0]' does not exist. Launching EC2 instance failed.",
    "up --refresh-ami",
  ],
  ["UnauthorizedOperation: You are not authorized to perform this operation.", "allow the action"],
  ["PendingVerification", "up to four hours"],
  [
    "This account is currently blocked and not recognized as a valid account. Launching EC2 instance failed.",
    "AWS Support",
  ],
  [
    "The requested configuration is currently not supported. Please check the documentation for supported configurations. Launching EC2 instance failed.",
    "another instances.type",
  ],
  ["The key pair 'ops' does not exist. Launching EC2 instance failed.", "up --refresh"],
  [
    "Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: Client.InternalError: Client error on launch",
    "aws kms create-grant",
  ],
])("ends at once what another launch does not repair: %s", (reason, next) => {
  expect(judgeLaunches(launches(["a", reason]), zones, 0)).toMatchObject({
    verdict: "failed",
    reason,
    next: expect.stringContaining(next),
  });
});

test("a hopeless launch is seen behind a newer one that is in progress or failed otherwise", () => {
  const seen = [
    { id: "l-9", zone: "eu-west-1b", state: "open" as const, reason: "" },
    ...launches(["a", capacity], ["b", "VcpuLimitExceeded"]),
  ];
  expect(judgeLaunches(seen, zones, 0)).toMatchObject({ reason: "VcpuLimitExceeded" });
});

test("one zone without capacity is shown, and waited for", () => {
  expect(judgeLaunches(launches(["a", capacity]), zones, 119)).toEqual({
    verdict: "trying",
    detail: `a launch failed, and Auto Scaling tries again: ${capacity}`,
  });
});

test.each([
  ["every zone lacks it", launches(["b", capacity], ["a", capacity]), 0],
  ["it lacks for two minutes", launches(["a", capacity]), 120],
  [
    "no zone offers the type",
    launches(
      [
        "b",
        "Your requested instance type (g6.xlarge) is not supported in your requested Availability Zone (eu-west-1b).",
      ],
      ["a", capacity],
    ),
    0,
  ],
])("capacity ends it when %s", (_, seen, seconds) => {
  expect(judgeLaunches(seen, zones, seconds)).toMatchObject({
    verdict: "failed",
    next: expect.stringContaining("add types to its list"),
    instead: expect.stringContaining("release --strategy rolling"),
    isShortage: true,
  });
});

test("a later good launch shows that the failures before it are over", () => {
  expect(judgeLaunches(launches("b", ["a", capacity]), zones, 500)).toEqual({ verdict: "fine" });
  expect(judgeLaunches([], zones, 500)).toEqual({ verdict: "fine" });
  // The zone that had capacity a moment ago is not one without.
  const again = launches(["a", capacity], "b", ["b", capacity]);
  expect(judgeLaunches(again, zones, 0).verdict).toBe("trying");
});

test("unknown words are shown, and AWS tries again for as long as the release may take", () => {
  const seen = launches(["a", "Authentication Failure. Launching EC2 instance failed."]);
  expect(judgeLaunches(seen, zones, 10_000).verdict).toBe("trying");
});

test("a used-up quota of vCPUs leaves a release another strategy, which its next step names apart", () => {
  const reason = "You have requested more vCPU capacity than your current vCPU limit of 5 allows";
  expect(judgeLaunches(launches(["a", reason]), zones, 0)).toMatchObject({
    next: expect.not.stringContaining("rolling"),
    instead: expect.stringContaining("release --strategy rolling"),
    isShortage: true,
  });
});
