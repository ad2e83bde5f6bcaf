import { expect, test } from "vitest";
import { CommandError } from "../errors/command-error.ts";
import type { Run } from "../process/programs/run.ts";
import { nameStack } from "../stack/names.ts";
import { checkPermissions, createSimulation, needOf } from "./account.ts";
import { examine, type DoctorDeps } from "./examine.ts";
import { releaseShortages, upWarnings } from "./launch-warnings.ts";

const small = { type: "t3.small", otherTypes: [], spot: null, min: 2 };

interface Account {
  readonly vcpuQuota?: number;
  readonly running?: readonly string[];
  readonly zones?: readonly string[];
  readonly isUp?: boolean;
  readonly roles?: readonly string[];
  /** Actions that the simulator denies, or an error of it. */
  readonly denied?: readonly string[] | Error;
  readonly credentials?: Error;
  readonly secondsLeft?: number;
  readonly clockOffset?: number;
}

/** An account that answers each call by the name of its input; what it lacks is an error, as on AWS. */
function awsOf(account: Account) {
  const { running = [], zones = ["eu-west-1a", "eu-west-1b"], denied = [] } = account;
  const roles = account.roles ?? [
    "AWSServiceRoleForAutoScaling",
    "AWSServiceRoleForElasticLoadBalancing",
  ];
  const answers: Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => unknown>> = {
    GetServiceQuotaCommand: ({ QuotaCode }) => ({
      Quota: { Value: QuotaCode === "L-1216C47A" ? (account.vcpuQuota ?? 64) : 5 },
    }),
    DescribeInstancesCommand: () => ({
      Reservations: [{ Instances: running.map((InstanceType) => ({ InstanceType })) }],
    }),
    DescribeInstanceTypesCommand: ({ InstanceTypes }) => ({
      InstanceTypes: (InstanceTypes as string[]).map((InstanceType) => ({
        InstanceType,
        VCpuInfo: { DefaultVCpus: InstanceType.endsWith(".xlarge") ? 4 : 2 },
      })),
    }),
    DescribeVpcsCommand: () => ({ Vpcs: [{}] }),
    DescribeAddressesCommand: () => ({ Addresses: [] }),
    DescribeAvailabilityZonesCommand: () => ({
      AvailabilityZones: ["a", "b", "c"].map((zone) => ({ ZoneName: `eu-west-1${zone}` })),
    }),
    DescribeInstanceTypeOfferingsCommand: () => ({
      InstanceTypeOfferings: zones.map((Location) => ({ Location })),
    }),
    GetRoleCommand: ({ RoleName }) => {
      if (roles.includes(RoleName as string)) return { Role: { Arn: `arn:${String(RoleName)}` } };
      throw Object.assign(new Error("none"), { name: "NoSuchEntityException" });
    },
    SimulatePrincipalPolicyCommand: ({ ActionNames }) => {
      if (denied instanceof Error) throw denied;
      return {
        EvaluationResults: (ActionNames as string[]).map((EvalActionName) => ({
          EvalActionName,
          EvalDecision: denied.includes(EvalActionName) ? "implicitDeny" : "allowed",
        })),
      };
    },
  };
  const client = async () => ({
    send: async (command: { readonly input: Readonly<Record<string, unknown>> }) =>
      answers[command.constructor.name]?.(command.input),
  });
  return { ec2: client, iam: client, serviceQuotas: client } as never;
}

const run: Run = async ({ file, args }) => {
  const stdout =
    file === "terraform"
      ? "Terraform v1.11.4\non linux_amd64\n"
      : args.includes("buildx")
        ? "Driver: docker-container"
        : "26.1.5";
  return { exitCode: 0, stdout, stderr: "" };
};

async function states(account: Account = {}): Promise<Readonly<Record<string, string>>> {
  const found = await look(account);
  return Object.fromEntries(found.map(({ check, state }) => [check, state]));
}

async function look(account: Account = {}) {
  const deps: DoctorDeps = {
    run,
    env: {},
    aws: awsOf(account),
    config: {
      // With one, what `cost` calls is looked at too.
      budget: { usd: 50, emails: [] },
      waf: { mode: "none", rate: 10_000 },
      region: "eu-west-1",
      image: { attest: "auto", ref: null },
      instances: small,
      network: { egress: "nat", vpc: null },
    } as never,
    whoAmI: async () => {
      if (account.credentials !== undefined) throw account.credentials;
      return { account: "123456789012", arn: "arn:aws:iam::123456789012:user/ana" };
    },
    secondsLeft: () => account.secondsLeft,
    source: () => "the profile dev",
    placeOf: () => ({
      partition: "aws",
      region: "eu-west-1",
      account: "123456789012",
      bucket: "infer-deploy-123456789012-eu-west-1",
      names: nameStack("app", "production", "eu-west-1"),
    }),
    lookAtVpc: async () => ({ exists: true, subnets: [], endpoints: [] }),
    isUp: async () => account.isUp ?? false,
    clockOffset: async () => account.clockOffset ?? 0,
    host: undefined,
    stateFolder: "/",
  };
  return examine(deps);
}

test("an account in which all is well", async () => {
  const found = await states();
  expect(new Set(Object.values(found))).toEqual(new Set(["ok"]));
  expect(Object.keys(found)).toContain("permissions for up and destroy");
  expect(Object.keys(found)).toContain("permissions for cost");
});

test("without credentials, only this machine can be looked at", async () => {
  const error = new CommandError("The AWS credentials have expired.", { next: "aws sso login" });
  const found = await look({ credentials: error });
  expect(found[0]).toEqual({
    check: "credentials",
    state: "failed",
    detail: "The AWS credentials have expired.",
    next: "aws sso login",
  });
  expect(found.map(({ check }) => check)).not.toContain("zones");
  expect(found.map(({ check }) => check)).toContain("Docker engine");
});

test("a quota of 5 vCPUs fits up, and not the release after it", async () => {
  const quota = "quota vCPUs of running standard (A, C, D, H, I, M, R, T, Z) instances";
  expect((await states({ vcpuQuota: 5 }))[quota]).toBe("warning");
  expect((await states({ vcpuQuota: 3 }))[quota]).toBe("failed");
  // The stack's own two instances count as used, and only the release's are missing.
  const up = { vcpuQuota: 8, isUp: true, running: ["t3.small", "t3.small"] };
  expect((await states(up))[quota]).toBe("ok");
  expect((await states({ ...up, running: ["t3.small", "t3.small", "m7i.xlarge"] }))[quota]).toBe(
    "warning",
  );
  // Another family counts against another quota.
  expect((await states({ ...up, running: ["t3.small", "t3.small", "g6.xlarge"] }))[quota]).toBe(
    "ok",
  );
});

test("zones, service-linked roles and the clock", async () => {
  expect(await states({ zones: [] })).toMatchObject({ zones: "failed" });
  expect(await states({ zones: ["eu-west-1a"] })).toMatchObject({ zones: "warning" });
  expect(await states({ roles: [] })).toMatchObject({ "service-linked roles": "warning" });
  expect(await states({ clockOffset: -400_000 })).toMatchObject({ clock: "failed" });
});

test("credentials that end soon are worth a warning", async () => {
  expect((await look({ secondsLeft: 600 }))[0]).toMatchObject({
    state: "warning",
    detail: "arn:aws:iam::123456789012:user/ana, by the profile dev, for 10 min more",
  });
  expect((await look({ secondsLeft: 3600 }))[0]).toMatchObject({ state: "ok" });
});

test("the simulator is asked once about each statement, and about the caller's role once", async () => {
  let roles = 0;
  const simulated: string[] = [];
  const iam = async () => ({
    send: async ({ input }: { readonly input: { readonly ActionNames?: readonly string[] } }) => {
      if (input.ActionNames === undefined) {
        roles += 1;
        return { Role: { Arn: "arn:aws:iam::123456789012:role/ci" } };
      }
      simulated.push(input.ActionNames.join());
      return { EvaluationResults: [] };
    },
  });
  const caller = { arn: "arn:aws:sts::123456789012:assumed-role/ci/run", region: "eu-west-1" };
  const simulation = createSimulation({ iam } as never, caller);
  const [one, two] = ["s3:GetObject", "ec2:CreateVpc"].map((action) => [
    { sid: "Sid", actions: [action], resources: ["*"] },
  ]);
  const { signal } = new AbortController();
  const found = await Promise.all([
    checkPermissions(simulation, caller, "release", [one ?? []], signal),
    checkPermissions(simulation, caller, "up and destroy", [one ?? [], two ?? []], signal),
  ]);
  expect(found.map(({ state }) => state)).toEqual(["ok", "ok"]);
  expect(simulated).toEqual(["s3:GetObject", "ec2:CreateVpc"]);
  expect(roles).toBe(1);
});

test("what AWS refuses to say is unknown, with AWS's words", async () => {
  const words = "User is not authorized to perform: iam:SimulatePrincipalPolicy";
  const found = await look({ denied: new Error(words) });
  const permissions = found.filter(({ check }) => check.startsWith("permissions"));
  expect(permissions.map(({ state }) => state)).toEqual(["unknown", "unknown", "unknown"]);
  expect(permissions[0]?.detail).toContain(words);
});

test("a first up is warned of what would stop it, and a release of what it adds", async () => {
  const config = { instances: small, network: { egress: "nat", vpc: null } } as never;
  const tight = awsOf({ vcpuQuota: 3, zones: [] });
  expect(await upWarnings(tight, needOf(config, false), "eu-west-1")).toEqual([
    expect.stringMatching(
      /^quota vCPUs .*: 0 of 3 in use, and up needs 4 more\. Next: aws service/,
    ),
    expect.stringMatching(/^zones: no zone of eu-west-1 offers t3\.small/),
  ]);
  const busy = awsOf({ vcpuQuota: 6, running: ["t3.small", "t3.small"] });
  const [short] = await releaseShortages(busy, config, 2);
  expect(short?.what).toMatch(/: 4 of 6 in use, and a release needs 4 more$/);
  expect(short?.next).toContain("rolling");
});

test("each NAT gateway needs an address", () => {
  const addresses = (network: object): number =>
    needOf({ instances: small, network: { vpc: null, ...network } } as never, false).addresses;
  expect(addresses({ egress: "nat", zones: 3 })).toBe(1);
  expect(addresses({ egress: "nat-per-zone", zones: 3 })).toBe(3);
  expect(addresses({ egress: "nat-per-zone", zones: ["eu-west-1a", "eu-west-1b"] })).toBe(2);
  expect(addresses({ egress: "endpoints", zones: 3 })).toBe(0);
  expect(addresses({ egress: "public", zones: 3 })).toBe(0);
});

test("who may not ask for quotas is not warned of them", async () => {
  const refuse = async () => {
    throw new Error("not authorized");
  };
  const deaf = { ec2: refuse, serviceQuotas: refuse } as never;
  const counts = { starts: 2, doubles: 2, vpcs: 1, addresses: 1 };
  const need = { instanceTypes: ["t3.small"], spot: null, ...counts };
  expect(await upWarnings(deaf, need, "eu-west-1")).toEqual([]);
});
