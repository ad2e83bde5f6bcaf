import type { Attestations } from "../aws/ecr/attestations.ts";
import type { ImageScan } from "../aws/ecr/image-scan.ts";
import type { StoredSecret } from "../aws/secrets/list-secrets.ts";
import type { Deps } from "../deps.ts";
import type { DomainStatus } from "../domain/domain-status.ts";
import { exitCodes } from "../errors/command-error.ts";
import { onOff } from "../options/kinds.ts";
import type { Values } from "../options/read-options.ts";
import type { ObjectStore } from "../state/object-store.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import type { StackRecord } from "../state/stack-record.ts";
import type { GlobalFlags } from "../target/flags.ts";
import type { Target } from "../target/target.ts";
import type { HolderSight, StatusDocument } from "../views/status.ts";
import type { StatusSources } from "../views/status-sight.ts";
import { stackVerb } from "./kinds/stack-verb.ts";

const options = { watch: onOff("--watch", "draw it again every two seconds") };

/** Prints the state; exits with 1 when the address is not healthy, so that a script may rely on it. */
export const status = stackVerb({
  name: "status",
  summary: "shows versions, weights, instances, alarms and what the address answers",
  options,
  needsImage: false,
  run: async (deps, flags, loaded, own) => {
    const { openTarget } = await import("../target/open-target.ts");
    const { requireStack } = await import("../target/require-stack.ts");

    const target = await openTarget(deps, flags, loaded, { tools: [] });
    const stack = await requireStack(target);
    // Once: Route53 answers five calls a second for the whole account.
    const domains = await lookAtDomains(deps, target, stack);
    const images: SeenImages = { scans: new Map(), attestations: new Map() };
    const { aborted } = deps.interrupts;
    const isDrawn = own.watch && deps.draws;
    const show = async (seen: StatusSources): Promise<void> =>
      isDrawn ? draw(deps, seen) : print(deps, flags, own, seen.document);
    // Once, as its answer changes when a person reads mail.
    const { unconfirmedEmails } = await import("../target/parts/unconfirmed-emails.ts");
    const unconfirmed = await unconfirmedEmails(deps, target, stack);
    const lookAgain = async (): Promise<StatusSources> => {
      const sources = await look(deps, target, stack, domains, images);
      const more = { unconfirmed_emails: unconfirmed, expires: target.config.expires };
      return { ...sources, document: { ...sources.document, ...more } };
    };
    let seen = await lookAgain();
    await show(seen);
    while (own.watch && deps.isRead() && !aborted.aborted) {
      await deps.clock.sleep(watchMilliseconds, aborted).catch(() => undefined);
      if (!aborted.aborted) {
        seen = await lookAgain();
        await show(seen);
      }
    }
    if (isDrawn) {
      // The last state stays on the screen.
      deps.reporter.notify({ type: "service-left" });
      await print(deps, flags, own, seen.document);
    }
    return seen.document.healthy ? exitCodes.done : exitCodes.failed;
  },
});

async function look(
  deps: Pick<Deps, "clock" | "fetch" | "interrupts" | "reporter">,
  { aws, config, store }: Target,
  stack: StackRecord,
  domains: readonly DomainStatus[],
  images: SeenImages,
): Promise<StatusSources> {
  const { addressQuestion } = await import("../release/observe/address.ts");
  const { allAlarms } = await import("../release/observe/alarms.ts");
  const { observeStack } = await import("../release/observe/observe-stack.ts");
  const { readJournal } = await import("../state/journal.ts");
  const { createApiKeys, keyedFetch } = await import("../target/parts/api-keys.ts");
  const { createParts } = await import("../target/stack-parts.ts");
  const { statusDocument } = await import("../views/status.ts");
  const { lookAtScaling } = await import("../target/parts/status-facts.ts");
  const { scalingStatus } = await import("../views/parts/status-scaling.ts");
  const { scanStatus } = await import("../views/parts/status-scan.ts");

  const { outputs } = stack;
  const fetch =
    stack.key_group === undefined
      ? deps.fetch
      : keyedFetch(deps, createApiKeys(deps, { aws, config }), deps.fetch);
  let milliseconds = 0;
  const timed: typeof fetch = async (...request) => {
    const sent = deps.clock.now().getTime();
    return fetch(...request).finally(() => {
      milliseconds = deps.clock.now().getTime() - sent;
    });
  };
  const sources = { ...createParts(aws, outputs), store, fetch: timed };
  const [snapshot, journal, holder] = await Promise.all([
    observeStack(
      sources,
      [...allAlarms(outputs), ...(outputs.alerts?.alarm_names ?? [])],
      addressQuestion(config, stack),
    ),
    readJournal(store),
    seeHolder(store),
  ]);
  const stored = await lookAtSecrets(deps, { aws, config }, snapshot.releases);
  const document = statusDocument(stack, snapshot, journal, holder, domains, stored);
  const seen = { document, snapshot, journal, now: deps.clock.now(), milliseconds };
  if (document.active === null) return seen;
  const image = {
    repository: outputs.repository_name,
    digest: document.active.digest,
    platform: config.image.platform,
  };
  const [scan, found, scaling] = await Promise.all([
    lookAtScan(deps, aws, image, images),
    lookAtAttestations(deps, aws, image, images),
    lookAtScaling(deps, aws, outputs.autoscaling_group_names[document.active.colour]),
  ]);
  const name = `${outputs.repository_url}@${image.digest}`;
  const registry = {
    ...(scan === undefined ? {} : { scan: scanStatus(scan) }),
    ...(found === undefined ? {} : { attestations: { image: name, ...found } }),
    ...(scaling === undefined
      ? {}
      : { scaling: scalingStatus(snapshot, document.active.colour, scaling) }),
  };
  return { ...seen, document: { ...document, ...registry } };
}

interface ServingImage {
  readonly repository: string;
  readonly digest: string;
  /** OS/ARCHITECTURE */
  readonly platform: string;
}

/** By the digests of images: what does not change any more. */
interface SeenImages {
  readonly scans: Map<string, ImageScan>;
  readonly attestations: Map<string, Attestations>;
}

/** A stack is shown without this when Route53 or ACM cannot be asked. */
async function lookAtDomains(
  deps: Pick<Deps, "clock" | "publicDns" | "reporter">,
  target: Target,
  { outputs }: StackRecord,
): Promise<readonly DomainStatus[]> {
  if (target.config.domains.length === 0) return [];
  const { listenerCertificate } = await import("../aws/dns/certificate.ts");
  const { readDomainStatus } = await import("../domain/domain-status.ts");
  const { describeLine } = await import("../errors/describe.ts");
  const { domainSources } = await import("../target/parts/domain-sources.ts");

  const { aws, config } = target;
  const certificate = async () =>
    listenerCertificate(await aws.loadBalancing(), await aws.acm(), outputs.listener_arn);
  try {
    const sources = { ...domainSources(deps, target), certificate };
    return await readDomainStatus(config, sources, deps.clock.now());
  } catch (error) {
    const text = `the domains could not be checked: ${describeLine(error)}`;
    deps.reporter.notify({ type: "warning", text });
    return [];
  }
}

/** A stack is shown without this when Secrets Manager cannot be asked. */
async function lookAtSecrets(
  deps: Pick<Deps, "reporter">,
  { aws, config }: Pick<Target, "aws" | "config">,
  releases: readonly Pick<ReleaseRecord, "container">[],
): Promise<readonly StoredSecret[] | undefined> {
  if (releases.every(({ container }) => Object.keys(container.secrets).length === 0)) return [];
  const { listSecrets } = await import("../aws/secrets/list-secrets.ts");
  const { secretPrefix } = await import("../target/target.ts");
  const { orWarn } = await import("../target/parts/status-facts.ts");
  return orWarn(deps, "the secrets could not be checked", async () =>
    listSecrets(await aws.secretsManager(), secretPrefix(config)),
  );
}

/** Asks for each image until its scan is over. A stack is shown without this when the registry cannot be asked. */
async function lookAtScan(
  deps: Pick<Deps, "reporter">,
  aws: Pick<Target["aws"], "ecr">,
  { repository, digest, platform }: ServingImage,
  { scans }: SeenImages,
): Promise<ImageScan | undefined> {
  const known = scans.get(digest);
  if (known !== undefined) return known;
  const { readImageScan, scannedDigest } = await import("../aws/ecr/image-scan.ts");
  const { orWarn } = await import("../target/parts/status-facts.ts");
  return orWarn(deps, "the registry's scan could not be read", async () => {
    const ecr = await aws.ecr();
    const scanned = await scannedDigest(ecr, repository, digest, platform);
    const scan = await readImageScan(ecr, repository, scanned);
    if (scan.state !== "pending") scans.set(digest, scan);
    return scan;
  });
}

/** A stack is shown without this when the registry cannot be asked. */
async function lookAtAttestations(
  deps: Pick<Deps, "reporter">,
  aws: Pick<Target["aws"], "ecr">,
  { repository, digest, platform }: ServingImage,
  { attestations }: SeenImages,
): Promise<Attestations | undefined> {
  const known = attestations.get(digest);
  if (known !== undefined) return known;
  const { readAttestations } = await import("../aws/ecr/attestations.ts");
  const { orWarn } = await import("../target/parts/status-facts.ts");
  return orWarn(deps, "the image's SBOM could not be looked for", async () => {
    const found = await readAttestations(await aws.ecr(), repository, digest, platform);
    attestations.set(digest, found);
    return found;
  });
}

async function seeHolder(store: Pick<ObjectStore, "get">): Promise<HolderSight | undefined> {
  const { lookForHolder, readLock } = await import("../lock/lock-store.ts");
  const { holderName } = await import("../lock/lock-text.ts");
  const { systemProcesses } = await import("../process/processes.ts");

  const found = await readLock(store);
  if (found?.lock === undefined) {
    return undefined;
  }
  const verdict = await lookForHolder(systemProcesses, found.lock);
  return { name: holderName(found.lock), state: verdict.state };
}

async function draw({ reporter }: Pick<Deps, "reporter">, seen: StatusSources): Promise<void> {
  const { statusSight } = await import("../views/status-sight.ts");
  reporter.notify({ type: "service-seen", sight: statusSight(seen) });
}

async function print(
  deps: Pick<Deps, "args" | "clock" | "out">,
  { json }: Pick<GlobalFlags, "json">,
  { watch }: Values<typeof options>,
  document: StatusDocument,
): Promise<void> {
  const { completeCommands } = await import("../errors/printed-commands.ts");
  const { statusText } = await import("../views/status-text.ts");

  deps.out(
    json
      ? // One document a line.
        `${JSON.stringify(document, undefined, watch ? 0 : 2)}\n`
      : completeCommands(statusText(document, deps.clock.now()), deps.args),
  );
}

const watchMilliseconds = 2000;
