import type { Deps } from "../../deps.ts";
import { addressQuestion } from "../../release/observe/address.ts";
import { allAlarms } from "../../release/observe/alarms.ts";
import { observeStack } from "../../release/observe/observe-stack.ts";
import { judgePause } from "../../release/pause/judge-pause.ts";
import { readJournal } from "../../state/journal.ts";
import { readPause } from "../../state/pause.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import { machineStatus } from "../../views/parts/machine.ts";
import { pauseStatus } from "../../views/parts/status/pause.ts";
import { scalingStatus } from "../../views/parts/status/scaling.ts";
import { scanStatus } from "../../views/parts/status/scan.ts";
import { statusDocument } from "../../views/status/status.ts";
import type { StatusSources } from "../../views/status/status-sight.ts";
import { machineReport } from "../machine/machine-report.ts";
import { createApiKeys, keyedFetch } from "../parts/api-keys.ts";
import { ownFetch, publicFetch } from "../parts/own-fetch.ts";
import { createParts } from "../stack-parts.ts";
import type { Target } from "../target.ts";
import { lookAtAttestations, lookAtScan, type SeenImages } from "./image-facts.ts";
import type { WarnDeps } from "./or-warn.ts";
import type { SlowFacts } from "./slow-facts.ts";
import { lookAtScaling, lookAtSecrets, seeHolder } from "./stack-facts.ts";

/** What `status` shows, as of now. `images` is added to. */
export async function look(
  deps: Pick<Deps, "clock" | "fetch" | "fetchHttp2" | "fetchThrough" | "interrupts"> & WarnDeps,
  { aws, config, store }: Target,
  stack: StackRecord,
  { domains, unconfirmed }: SlowFacts,
  images: SeenImages,
): Promise<StatusSources> {
  const { outputs } = stack;
  // A domain that is shared may lead to another region.
  const asked =
    config.routing === "simple"
      ? publicFetch(deps, config.requests.protocol)
      : ownFetch(deps, config.requests.protocol, outputs);
  const fetch =
    stack.key_group === undefined
      ? asked
      : keyedFetch(deps, createApiKeys(deps, { aws, config }), asked);
  let milliseconds = 0;
  const timed: typeof fetch = async (...request) => {
    const sent = deps.clock.now().getTime();
    return fetch(...request).finally(() => {
      milliseconds = deps.clock.now().getTime() - sent;
    });
  };
  const sources = {
    ...createParts({ aws, store, clock: deps.clock }, outputs),
    store,
    fetch: timed,
  };
  const [snapshot, journal, holder, paused, answer, machine] = await Promise.all([
    observeStack(sources, allAlarms(outputs), addressQuestion(config, stack)),
    readJournal(store),
    seeHolder(store),
    readPause(store),
    sources.barrier.answer(),
    "machine" in outputs ? machineReport({ aws, store }, outputs) : undefined,
  ]);
  const stored = await lookAtSecrets(deps, { aws, config }, snapshot.releases);
  const pauses = judgePause({
    pause: paused?.pause,
    body: answer?.body,
    desired: snapshot.groups.blue.desired + snapshot.groups.green.desired,
    instances: snapshot.instances.length,
    isBusy: holder !== undefined && holder.state !== "dead",
  });
  const document = {
    ...statusDocument(stack, snapshot, journal, holder, domains, stored),
    paused: pauses.map(pauseStatus),
    unconfirmed_emails: unconfirmed,
    expires: config.expires,
    machine: machine === undefined ? null : machineStatus(machine),
  };
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
    "machine" in outputs
      ? undefined
      : lookAtScaling(deps, aws, outputs.autoscaling_group_names[document.active.colour]),
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
