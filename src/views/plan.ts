import type { Estimate } from "../cost/estimate.ts";
import { planText } from "../infrastructure/plan/plan-text.ts";
import { planWarnings, type WarnedSettings } from "../infrastructure/plan/plan-warnings.ts";
import type { Config } from "../config/schema/config.ts";
import type { Desired } from "../infrastructure/desired.ts";
import type { AppliedFacts } from "../state/stack-record.ts";
import type { PlanResult } from "../terraform/events/plan-result.ts";
import type { Choice } from "../release/plan/choose-strategy.ts";
import type { StrategyName } from "../state/rollout-plan.ts";
import { estimateLines } from "./parts/estimate.ts";
import { workloadLines } from "./parts/workload.ts";
import { placeOf } from "./parts/place.ts";

/** `plan --json`. */
export interface PlanDocument {
  readonly schema_version: 1;
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  /** Whether `up` would do anything. */
  readonly has_changes: boolean;
  readonly summary: PlanResult["summary"];
  readonly changes: readonly {
    readonly address: string;
    readonly action: string;
    /** Whether it undoes what someone did outside infer-deploy. */
    readonly undoes_outside_change: boolean;
  }[];
  /** Whether `up` would make the first release. */
  readonly first_release: boolean;
  readonly https: boolean;
  /** What `up` does to the login, in words; null for nothing. */
  readonly login: string | null;
  /** Watches of a release that end before an alarm can go off. */
  readonly warnings: readonly string[];
  readonly machine_image: { readonly current: string; readonly newest: string };
  /** What release.strategy auto would choose for a release now; null for another strategy, or when that is not known. */
  readonly auto: { readonly strategy: StrategyName; readonly reason: string } | null;
  /** What the stack costs a month, by list prices. */
  readonly estimate: Estimate;
}

export interface PlanFindings {
  readonly config: WarnedSettings & {
    readonly name: string;
    readonly environment: string;
    readonly region: string;
    readonly oidc: Config["oidc"];
    readonly image: Pick<Config["image"], "ref">;
    readonly workload: Config["workload"];
    readonly alarms: Config["alarms"];
    readonly scaling: Config["scaling"];
  };
  readonly estimate: Estimate;
  /** What auto would choose now; null where that is not known. */
  readonly choice: Choice | null;
  readonly result: PlanResult;
  readonly desired: Pick<Desired, "amiArchitecture" | "amiId">;
  readonly applied: AppliedFacts | undefined;
  readonly firstRelease: boolean;
  readonly newestImage: string;
  /** The digest of the image that image.ref names; null when the image is built. */
  readonly digest: string | null;
  /** What `up` does to the login; null for nothing. */
  readonly login: string | null;
  readonly warnings: readonly string[];
}

export function planDocument(findings: PlanFindings): PlanDocument {
  const { config, result, desired, firstRelease, newestImage } = findings;
  return {
    ...placeOf(config),
    has_changes: result.hasChanges || firstRelease || findings.login !== null,
    summary: result.summary,
    changes: result.changes.map(({ address, action }) => ({
      address,
      action,
      undoes_outside_change: result.outside?.includes(address) ?? false,
    })),
    first_release: firstRelease,
    https: config.domains.length > 0 || config.https !== null,
    login: findings.login,
    warnings: findings.warnings,
    machine_image: { current: desired.amiId, newest: newestImage },
    auto: autoOf(findings.choice),
    estimate: findings.estimate,
  };
}

function autoOf(choice: Choice | null): PlanDocument["auto"] {
  return choice === null || choice.reason === null
    ? null
    : { strategy: choice.settings.strategy, reason: choice.reason };
}

export function planScreen(findings: PlanFindings): string {
  const auto = autoOf(findings.choice);
  const { config, result, desired, applied, firstRelease, newestImage } = findings;
  const lines = [
    ...(result.hasChanges ? planText(result) : ["The infrastructure needs no changes."]),
    ...(findings.login === null ? [] : [findings.login]),
    ...(config.oidc === null ? [] : [`Login required (${config.oidc.issuer})`]),
    ...(firstRelease ? [`+ the first release, ${firstImage(findings)}`] : []),
    ...estimateLines(findings.estimate, config.region),
    ...workloadLines(config),
    ...(auto === null
      ? []
      : [`release.strategy auto: ${auto.strategy} now, because ${auto.reason}`]),
    ...planWarnings(config, applied, desired).map((text) => `! ${text}`),
    ...findings.warnings.map((text) => `! ${text}`),
    ...(newestImage === desired.amiId
      ? []
      : [
          `! a newer machine image is out: ${newestImage} (now ${desired.amiId}); infer-deploy up --refresh-ami applies it`,
        ]),
  ];
  return `${lines.join("\n")}\n`;
}

function firstImage({ config, digest }: Pick<PlanFindings, "config" | "digest">): string {
  return config.image.ref === null
    ? "built from the Dockerfile"
    : `a copy of ${config.image.ref} (${digest?.slice(0, 19) ?? "unknown"})`;
}
