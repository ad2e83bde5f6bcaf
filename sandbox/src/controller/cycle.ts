import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { Run } from "../../../src/process/programs/run.ts";
import type { SandboxContainer } from "../containers/list-containers.ts";
import type { SandboxState } from "../client/sandbox-state.ts";
import { readAuthority } from "./authority/authority-model.ts";
import { certifyListeners } from "./balancer/certify.ts";
import { judgeTargets } from "./balancer/target-health.ts";
import { serviceAddress } from "../containers/addresses.ts";
import { type Addresses, readModel } from "./balancer/read-model.ts";
import { createBalancer } from "./balancer/reconcile-balancer.ts";
import { openRegions } from "./observe/region-clients.ts";
import { connectInstances } from "./instances/instance-cloud.ts";
import type { ContainersWatch } from "./containers-watch.ts";
import type { BalancerModel } from "./balancer/balancer-model.ts";
import type { ControllerLog } from "./controller-log.ts";
import { connectEmulator } from "./emulator.ts";
import type { MatchBuffer } from "./firewall/match-buffer.ts";
import { reportMatches } from "./firewall/report-matches.ts";
import { createInstances } from "./instances/reconcile-instances.ts";
import { evaluateAlarms, loadBalancerNamespace } from "./metrics/evaluate-alarms.ts";
import { hostCounts } from "./metrics/host-counts.ts";
import { minutes, publishedUntil } from "./metrics/metric-delay.ts";
import { collectData } from "./metrics/publish.ts";
import type { SampleStore } from "./metrics/samples.ts";
import { type AttributeCache, observeLoadBalancing } from "./observe/observe-load-balancing.ts";
import { observeRegion, readGroups } from "./observe/observe-region.ts";
import type { Chores } from "./chores.ts";
import { createResend } from "./resend.ts";
import { planReplacements } from "./scaling/replacements.ts";
import { followPolicies } from "./scaling/follow-policies.ts";
import { reportUnhealthy } from "./scaling/report-unhealthy.ts";
import { runScheduledActions } from "./scaling/run-scheduled-actions.ts";
import type { RegionView } from "./observe/region-view.ts";
import { type Conditions, readConditions } from "./weather/conditions.ts";
import { createInstanceWeather } from "./weather/instance-weather.ts";

export interface CycleDeps {
  readonly run: Run;
  readonly log: ControllerLog;
  readonly folder: string;
  readonly watch: ContainersWatch;
  readonly store: SampleStore;
  /** What the firewall matched. */
  readonly matches: MatchBuffer;
  readonly chores: Chores;
  /** Where sessions are served: a loopback port. */
  readonly sessionPort: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface CycleResult {
  readonly containers: readonly SandboxContainer[];
  /** Undefined when the emulator did not answer for all of them. */
  readonly regions: readonly RegionView[] | undefined;
}

/** One cycle of the controller: observe, then let each part act on it. Undefined when Docker did not answer. */
export function createCycle(
  deps: CycleDeps,
  first: SandboxState,
): (state: SandboxState) => Promise<CycleResult | undefined> {
  const { run, log, folder, watch, store, matches, chores, sessionPort, now } = deps;
  const emulator = connectEmulator(first);
  const clientsOf = openRegions(first);
  const cache: AttributeCache = new Map();
  const certify = (model: Parameters<typeof certifyListeners>[1]) =>
    certifyListeners({ run, state: first, folder, emulator }, model);
  const balancer = createBalancer({ run, log, state: first, folder, certify, now });
  const instances = createInstances(
    { run, cloud: connectInstances(clientsOf), log, folder },
    chores,
    watch.expire,
  );
  const weatherOfInstances = createInstanceWeather({ run, log, sandbox: first, now }, chores);
  const reported = new Set<string>();
  const resend = createResend(now);
  const nowhere = serviceAddress(first.network.subnet, "emulator");
  /** Once something had a use for the authority it stays, with its accounts: an address leads nowhere while an instance is replaced. */
  let authorityUsed = false;
  let published = Math.floor(now() / 1000);
  let evaluated = 0;
  let scaled = now();

  /** All regions. Throws when one of them cannot be read completely, because missing resources would look deleted. */
  const observe = async (state: SandboxState, containers: readonly SandboxContainer[]) => {
    const addresses = addressesOf(containers);
    await resend("instances", JSON.stringify([...addresses]), async () =>
      emulator.reportInstances(addresses),
    );
    await resend("sessions", String(sessionPort), async () =>
      emulator.reportSessionPort(sessionPort),
    );
    const [ports, webAcls, edges, weather, authority] = await Promise.all([
      emulator.listenerPorts(),
      emulator.webAcls(),
      emulator.edges(),
      emulator.weather(),
      emulator.authority(),
    ]);
    authorityUsed ||= authority.needed;
    const usedRegions = [
      ...[...ports.keys()].map(regionOf),
      ...containers.flatMap((container) => container.region ?? []),
    ];
    const names = [...new Set([...state.regions, ...usedRegions])];
    const regions = await Promise.all(
      names.map((name) => {
        const clients = clientsOf(name);
        return observeRegion(clients, () =>
          observeLoadBalancing(clients, { ports, webAcls }, cache),
        );
      }),
    );
    const conditions = readConditions(weather);
    const used = authorityUsed ? readAuthority(authority, conditions.authority, nowhere) : null;
    return { regions, conditions, fronts: { edges, authority: used } };
  };

  const balance = async (
    regions: readonly RegionView[],
    containers: readonly SandboxContainer[],
    conditions: Conditions,
    fronts: Pick<BalancerModel, "edges" | "authority">,
  ) => {
    const addresses = addressesOf(containers);
    const rows = await balancer.reconcile(readModel(regions, addresses, conditions, fronts));
    const health = judgeTargets(
      regions.flatMap((region) => region.targetGroups),
      rows,
    );
    await resend("health", JSON.stringify(health), async () => emulator.reportHealth(health));
  };

  const scale = async (regions: readonly RegionView[]) => {
    const when = { since: scaled, now: now() };
    scaled = when.now;
    for (const { region, targetGroups, instances: machines } of regions) {
      const groups = await readGroups(clientsOf(region));
      for (const replacement of planReplacements(groups, targetGroups)) {
        if (!reported.has(replacement.instance)) log.info("instance unhealthy", { ...replacement });
        reported.add(replacement.instance);
        // In every cycle, because it has no effect within the grace period.
        await reportUnhealthy(clientsOf(region), replacement);
      }
      if (groups.length === 0) continue;
      await runScheduledActions(clientsOf(region), groups, when, log);
      const follow = { clients: clientsOf(region), emulator, store, log, now: now() };
      await followPolicies(follow, groups, machines);
    }
  };

  const publish = async (regions: readonly RegionView[], delaySeconds: number | null) => {
    const until = publishedUntil(Math.floor(now() / 1000), delaySeconds);
    for (const [start, end] of minutes(published, until)) {
      for (const { region, listeners } of regions) {
        const ours = new Set(listeners.map(({ loadBalancer }) => loadBalancer));
        const MetricData = collectData(store, ours, start, end);
        if (MetricData.length === 0) continue;
        await clientsOf(region).watch.send(
          new PutMetricDataCommand({ Namespace: loadBalancerNamespace, MetricData }),
        );
      }
      published = end;
    }
    store.forget(until);
  };

  return async (state) => {
    const remembered = await instances.remember();
    const containers = await chores.attempt("docker", watch.list);
    if (containers === undefined) return undefined;
    const seen = await chores.attempt("emulator", () => observe(state, containers));
    if (seen === undefined) return { containers, regions: undefined };
    const { regions, conditions, fronts } = seen;
    await chores.attempt("instances", async () => {
      instances.reconcile(state, remembered, regions, containers, conditions);
      weatherOfInstances.reconcile(conditions, regions, containers);
    });
    await chores.attempt("load balancer", () => balance(regions, containers, conditions, fronts));
    for (const { key, value } of hostCounts(regions)) store.add(key, now() / 1000, value);
    await chores.every(scaleMilliseconds, "auto scaling", () => scale(regions));
    const { metricDelaySeconds } = conditions;
    await chores.every(publishMilliseconds, "metrics", () => publish(regions, metricDelaySeconds));
    await chores.every(matchMilliseconds, "web ACLs", () =>
      reportMatches(
        { buffer: matches, emulator, watchOf: (region) => clientsOf(region).watch, log },
        regions,
      ),
    );
    await chores.every(alarmMilliseconds, "alarms", async () => {
      const when = { now: Math.floor(now() / 1000), since: evaluated, metricDelaySeconds };
      for (const { region } of regions) await evaluateAlarms(clientsOf(region), store, when, log);
      evaluated = when.now;
    });
    return { containers, regions };
  };
}

/** Instance id -> address, of the running containers. */
function addressesOf(containers: readonly SandboxContainer[]): Addresses {
  return new Map(
    containers.flatMap(({ instance, address, running }) =>
      instance !== null && address !== null && running ? [[instance, address]] : [],
    ),
  );
}

function regionOf(arn: string): string {
  return arn.split(":")[3] ?? "us-east-1";
}

const scaleMilliseconds = 1500;
const publishMilliseconds = 5000;
const alarmMilliseconds = 1000;
const matchMilliseconds = 1000;
