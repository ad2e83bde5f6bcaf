import type { AwsClients } from "../aws/clients.ts";
import type { Identity } from "../aws/identity.ts";
import type { Config } from "../config/schema/config.ts";
import type { ExistingVpc } from "../config/schema/network.ts";
import { CommandError } from "../errors/command-error.ts";
import { describeLine } from "../errors/describe.ts";
import { releasePermissions } from "../permissions/release-permissions.ts";
import { costPermissions } from "../permissions/cost-permissions.ts";
import { cloudfrontPermissions } from "../permissions/cloudfront-permissions.ts";
import { loginPermissions } from "../permissions/login-permissions.ts";
import { machinePermissions } from "../permissions/machine-permissions.ts";
import { routingPermissions } from "../permissions/routing-permissions.ts";
import { hasHealthChecks } from "../config/schema/edge/routing.ts";
import { sightPermissions } from "../permissions/sight-permissions.ts";
import { wafPermissions } from "../permissions/waf-permissions.ts";
import { infrastructurePermissions } from "../permissions/infrastructure-permissions.ts";
import type { Place } from "../permissions/statement.ts";
import { withDeadline } from "../process/deadline.ts";
import type { Run } from "../process/programs/run.ts";
import { durationText } from "../report/text.ts";
import type { VpcFacts } from "../stack/vpc-facts.ts";
import {
  checkLinkedRoles,
  checkNetworks,
  checkPermissions,
  checkZones,
  createSimulation,
  needOf,
} from "./account.ts";
import { checkVcpus } from "./check-vcpus.ts";
import { checkExistingVpc } from "./existing-vpc.ts";
import { failed, ok, unknown, warning, type Finding } from "./finding.ts";
import {
  checkAttester,
  checkBuildx,
  checkDisk,
  checkEngine,
  checkNames,
  checkTerraform,
  judgeClock,
} from "./programs.ts";

export interface DoctorDeps {
  readonly run: Run;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly aws: AwsClients;
  readonly config: Pick<
    Config,
    | "alerts"
    | "auth"
    | "budget"
    | "dashboard"
    | "https"
    | "image"
    | "region"
    | "instances"
    | "network"
    | "routing"
    | "topology"
    | "waf"
  >;
  /** Throws CommandError when there are no valid credentials. */
  readonly whoAmI: () => Promise<Identity>;
  /** Seconds until the credentials end; undefined when their source does not say. After `whoAmI`. */
  readonly secondsLeft: () => number | undefined;
  /** Where the credentials come from, in a few words. After `whoAmI`. */
  readonly source: () => string;
  /** The place of the stack in the caller's account. */
  readonly placeOf: (identity: Identity) => Place;
  /** Whether `up` has made the stack. */
  readonly isUp: (identity: Identity) => Promise<boolean>;
  /** What AWS has of an existing VPC. */
  readonly lookAtVpc: (vpc: ExistingVpc) => Promise<VpcFacts>;
  /** Milliseconds that AWS's clock is ahead of this machine's, after a few answers of AWS. */
  readonly clockOffset: () => Promise<number>;
  /** The host of AWS's API in the region; undefined in a sandbox. */
  readonly host: string | undefined;
  readonly stateFolder: string;
}

/** Looks at everything that a deployment needs, all at once. Never throws: what cannot be found out is a finding, too. */
export async function examine(deps: DoctorDeps): Promise<readonly Finding[]> {
  const [machine, account] = await Promise.all([examineMachine(deps), examineAccount(deps)]);
  return [...account, ...machine];
}

async function examineMachine({
  config,
  run,
  env,
  host,
  stateFolder,
}: DoctorDeps): Promise<readonly Finding[]> {
  // Caddy, of one machine, is built too.
  const builds = config.image.ref === null || config.topology === "single";
  const { attest } = config.image;
  const found = await Promise.all([
    ...(builds ? [timed("Docker engine", async (signal) => checkEngine(run, signal))] : []),
    ...(config.image.ref === null
      ? [
          timed("Docker buildx", async (signal) => checkBuildx(run, signal)),
          timed("SBOM and provenance", async (signal) => checkAttester(run, attest, signal)),
        ]
      : []),
    timed("Terraform", async () => checkTerraform(run, env)),
    timed("disk", async () => checkDisk(stateFolder)),
    host === undefined ? [] : timed("DNS", async () => checkNames(host)),
  ]);
  return found.flat();
}

async function examineAccount(deps: DoctorDeps): Promise<readonly Finding[]> {
  const { aws, config, placeOf, isUp, clockOffset } = deps;
  let identity: Identity;
  try {
    identity = await deps.whoAmI();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [failed("credentials", error.message, error.next ?? "aws sts get-caller-identity")];
  }
  const { region } = config;
  const place = placeOf(identity);
  const caller = { arn: identity.arn, region };
  const simulation = createSimulation(aws, caller);
  const ofRelease = releasePermissions(place);
  const ofUp = [
    ...infrastructurePermissions(place),
    ...(config.topology === "single" ? machinePermissions(place) : []),
    ...(config.https === null ? [] : cloudfrontPermissions(place)),
    ...(config.alerts === null && config.budget === null && !config.dashboard
      ? []
      : sightPermissions(place)),
    ...(hasHealthChecks(config) ? routingPermissions(place) : []),
    ...(config.auth === "oidc" ? loginPermissions(place) : []),
    ...(config.waf.mode === "none" && config.auth !== "keys" ? [] : wafPermissions(place)),
  ];
  const isThere = await isUp(identity).catch(() => false);
  const need = needOf(config, isThere);
  const found = await Promise.all([
    timed("permissions for release", async (signal) =>
      checkPermissions(simulation, caller, "release", [ofRelease], signal),
    ),
    timed("permissions for up", async (signal) =>
      checkPermissions(simulation, caller, "up and destroy", [ofRelease, ofUp], signal),
    ),
    // Without a budget, costs may well be another person's concern.
    config.budget === null
      ? []
      : timed("permissions for cost", async (signal) =>
          checkPermissions(simulation, caller, "cost", [costPermissions()], signal),
        ),
    timed("quota vCPUs", async (signal) => checkVcpus(aws, need, signal)),
    timed("quota VPCs", async (signal) => checkNetworks(aws, need, signal)),
    timed("zones", async (signal) => checkZones(aws, need, region, signal)),
    timed("existing VPC", async () => checkExistingVpc(config, isThere, deps.lookAtVpc)),
    timed("service-linked roles", async (signal) => checkLinkedRoles(aws, signal)),
  ]);
  return [credentials(deps, identity), judgeClock(await clockOffset()), ...found.flat()];
}

function credentials({ secondsLeft, source }: DoctorDeps, { arn }: Identity): Finding {
  const left = secondsLeft();
  const detail = `${arn}, by ${source()}`;
  if (left === undefined) return ok("credentials", detail);
  const ends = `${detail}, for ${durationText(Math.max(0, Math.floor(left)))} more`;
  return left < soonSeconds
    ? warning("credentials", ends, "renew them before a release, which may take longer")
    : ok("credentials", ends);
}

async function timed(
  check: string,
  work: (signal: AbortSignal) => Promise<Finding | readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    const found = await withDeadline(
      deadlineMilliseconds,
      work,
      () => new Error(`no answer within ${deadlineMilliseconds / 1000} seconds`),
    );
    return [found].flat();
  } catch (error) {
    return [unknown(check, describeLine(error))];
  }
}

const soonSeconds = 900;
const deadlineMilliseconds = 15_000;
