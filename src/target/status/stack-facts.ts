import { listenerCertificate } from "../../aws/dns/certificate.ts";
import { readScaling, type Scaling } from "../../aws/scaling/read-scaling.ts";
import { listSecrets, type StoredSecret } from "../../aws/secrets/list-secrets.ts";
import type { Deps } from "../../deps.ts";
import { readDomainStatus, type DomainStatus } from "../../domain/domain-status.ts";
import { lookForHolder, readLock } from "../../lock/lock-store.ts";
import { holderName } from "../../lock/lock-text.ts";
import { systemProcesses } from "../../process/processes.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import type { HolderSight } from "../../views/status/status.ts";
import { machineCertificate } from "../machine/certificate.ts";
import { domainSources } from "../parts/domain-sources.ts";
import { secretPrefix, type Target } from "../target.ts";
import { orWarn, type WarnDeps } from "./or-warn.ts";

/** Empty when Route53 or ACM cannot be asked. */
export async function lookAtDomains(
  deps: Pick<Deps, "clock" | "publicDns"> & WarnDeps,
  target: Target,
  { outputs }: StackRecord,
): Promise<readonly DomainStatus[]> {
  const { aws, config } = target;
  if (config.domains.length === 0) return [];
  const certificate = async () =>
    "machine" in outputs
      ? machineCertificate(target, outputs)
      : listenerCertificate(await aws.loadBalancing(), await aws.acm(), outputs.listener_arn);
  const found = await orWarn(deps, "the domains could not be checked", async () =>
    readDomainStatus(config, { ...domainSources(deps, target), certificate }, deps.clock.now()),
  );
  return found ?? [];
}

export async function lookAtSecrets(
  deps: WarnDeps,
  { aws, config }: Pick<Target, "aws" | "config">,
  releases: readonly Pick<ReleaseRecord, "container">[],
): Promise<readonly StoredSecret[] | undefined> {
  if (releases.every(({ container }) => Object.keys(container.secrets).length === 0)) return [];
  return orWarn(deps, "the secrets could not be checked", async () =>
    listSecrets(await aws.secretsManager(), secretPrefix(config)),
  );
}

export async function lookAtScaling(
  deps: WarnDeps,
  aws: Pick<Target["aws"], "autoScaling">,
  group: string,
): Promise<Scaling | undefined> {
  return orWarn(deps, "the scaling policies could not be read", async () =>
    readScaling(await aws.autoScaling(), group),
  );
}

export async function seeHolder(store: Pick<ObjectStore, "get">): Promise<HolderSight | undefined> {
  const found = await readLock(store);
  if (found?.lock === undefined) return undefined;
  const verdict = await lookForHolder(systemProcesses, found.lock);
  return { name: holderName(found.lock), state: verdict.state };
}
