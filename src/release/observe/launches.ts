import type { Launch } from "../../aws/describe-launches.ts";

/** What a group's launches mean to a release that waits for instances. */
export type LaunchVerdict =
  | { readonly verdict: "fine" }
  /** A launch failed, and Auto Scaling tries again. */
  | { readonly verdict: "trying"; readonly detail: string }
  | {
      readonly verdict: "failed";
      readonly reason: string;
      readonly next: string;
      /** What a release could do in its place, and a first one could not. */
      readonly instead?: string;
      /** There are no machines, or no quota for them. */
      readonly isShortage?: true;
    };

/**
 * Judges the launches since the rollout began, newest first. Auto Scaling repeats a failed launch by itself, and tries another zone where
 * one has no capacity. So only what it cannot repair fails at once. `zones`: the group's. `seconds`: for how long launches have failed.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-instancelaunchfailure.html has AWS's words.
 */
export function judgeLaunches(
  launches: readonly Launch[],
  zones: readonly string[],
  seconds: number,
): LaunchVerdict {
  const failed = failedSince(launches);
  const [newest] = failed;
  if (newest === undefined) {
    return { verdict: "fine" };
  }
  for (const { reason } of failed) {
    const known = hopeless.find(({ words }) => words.test(reason));
    if (known !== undefined) {
      const { next, isShortage } = known;
      return { verdict: "failed", reason, next, ...(isShortage ? { isShortage, instead } : {}) };
    }
  }
  const short = failed.find(({ reason }) => notInZone.test(reason));
  if (short !== undefined && (seconds >= patienceSeconds || isEveryZone(launches, zones))) {
    const { reason } = short;
    return { verdict: "failed", reason, next: otherMachines, instead, isShortage: true };
  }
  return {
    verdict: "trying",
    detail: `a launch failed, and Auto Scaling tries again: ${newest.reason}`,
  };
}

/** The failed launches since the last one that was good: an instance that started shows that the earlier ones are over. */
function failedSince(launches: readonly Launch[]): readonly Launch[] {
  const good = launches.findIndex(({ state }) => state === "done");
  return launches
    .slice(0, good === -1 ? launches.length : good)
    .filter(({ state }) => state === "failed");
}

/** Whether the newest finished launch in each zone failed for a reason that another zone may not have. */
function isEveryZone(launches: readonly Launch[], zones: readonly string[]): boolean {
  return (
    zones.length > 0 &&
    zones.every((zone) => {
      const last = launches.find((launch) => launch.zone === zone && launch.state !== "open");
      return last !== undefined && notInZone.test(last.reason);
    })
  );
}

const notInZone =
  /InsufficientInstanceCapacity|UnfulfillableCapacity|not have sufficient .*capacity|no Spot capacity available|not supported in your requested Availability Zone/i;

const otherMachines =
  "these zones have no free machine of instances.type: try again later, or add types to its list in infer-deploy.yml and run infer-deploy up";

const instead = "infer-deploy release --strategy rolling needs no further instances";

/** What another launch does not change, with the next command. The first match wins. */
const hopeless: readonly {
  readonly words: RegExp;
  readonly next: string;
  readonly isShortage?: true;
}[] = [
  {
    words:
      /VcpuLimitExceeded|vCPU capacity than your current vCPU limit|InstanceLimitExceeded|current instance limit|quota allows for|reached your quota|MaxSpotInstanceCountExceeded/i,
    next: `the quota of vCPUs for this instances.type is used up: see it with aws service-quotas list-service-quotas --service-code ec2 --query "Quotas[?contains(QuotaName,'On-Demand')].[QuotaCode,QuotaName,Value]" --output text, and raise it with aws service-quotas request-service-quota-increase`,
    isShortage: true,
  },
  {
    words:
      /InvalidAMIID|(image id|AMI) .*(does not exist|is no longer available|is pending|is disabled)/i,
    next: "the machine image is gone: infer-deploy up --refresh-ami takes the newest one; an instances.machine_image of your own needs another id",
  },
  {
    words: /KMS|InvalidKMSKey|Client\.InternalError|Client error on launch/i,
    next: "the key that encrypts EBS volumes (aws ec2 get-ebs-default-kms-key-id) must be enabled and allow the service-linked role AWSServiceRoleForAutoScaling: grant it with aws kms create-grant",
  },
  {
    words:
      /PendingVerification|account is (currently being verified|currently blocked)|pending verification|being validated/i,
    next: "AWS checks new accounts for up to four hours: wait for its mail or ask AWS Support, then run the same command again",
  },
  {
    words: /UnauthorizedOperation|not authorized to (perform|use)/i,
    next: "allow the action to the role that AWS names (aws sts decode-authorization-message explains an encoded message), then run the same command again",
  },
  {
    words:
      /^Unsupported\b|configuration is currently not supported|InvalidParameterCombination|not eligible for Free Tier/i,
    next: "set another instances.type in infer-deploy.yml and run infer-deploy up: AWS does not offer this one here, or not to this account",
  },
  {
    words: /OptInRequired|not subscribed to this service/i,
    next: "accept the terms of the machine image in AWS Marketplace, then run the same command again",
  },
  {
    words:
      /InvalidKeyPair|key pair .* does not exist|InvalidGroup|security group .* does not exist|InvalidSubnet|InvalidLaunchTemplate|launch template .* (not|does not) exist/i,
    next: "the launch template names what was deleted: infer-deploy up --refresh repairs it",
  },
];

/** By then Auto Scaling has tried the other zones. */
const patienceSeconds = 120;
