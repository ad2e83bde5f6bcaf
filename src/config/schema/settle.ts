import { toText } from "../fields/fields.ts";
import { defaultAuth } from "./auth.ts";
import { settleAlarms } from "./alarms.ts";
import { settleAlerts } from "./sight/alerts.ts";
import {
  defaultEnvironment,
  defaultTopology,
  type Config,
  type ConfigFile,
  type Settings,
} from "./config.ts";
import { settleContainer } from "./fleet/container.ts";
import { settleCache } from "./edge/cache.ts";
import { settleGithub } from "./project/github.ts";
import { settleHealth } from "./health.ts";
import { settleIdentity } from "./identity.ts";
import { settleImage } from "./image.ts";
import { settleInstances } from "./fleet/instances.ts";
import { settleBudget } from "./sight/budget.ts";
import { settleModel } from "./fleet/model.ts";
import { settleMetrics } from "./sight/metrics.ts";
import { settleLogs } from "./logs.ts";
import { settleNetwork } from "./network.ts";
import { settleState } from "./project/state.ts";
import { settleRelease } from "./release.ts";
import { settleRequests } from "./requests.ts";
import { settleOidc } from "./edge/oidc.ts";
import { settleResponseHeaders } from "./edge/response-headers.ts";
import { defaultRouting } from "./edge/routing.ts";
import { settleScaling } from "./fleet/scaling.ts";
import { settleVersion } from "./version.ts";
import { profiles } from "./fleet/workload.ts";
import { settleWaf } from "./edge/waf.ts";

/** The file's settings with the environment's on top: maps merged key by key, everything else replaced. */
export function overlaySettings(file: ConfigFile, environment: string): Settings {
  const { name: _, environments, ...base } = file;
  return overlay(base, environments?.[environment] ?? {});
}

/** Fills in the defaults and converts the file's spelling to units. Expects settings that the schema accepts. */
export function settle(
  name: string,
  environment: string,
  region: string,
  settings: Settings,
): Config {
  const requests = settleRequests(settings.requests);
  const health = settleHealth(settings.health, requests);
  const alerts = settleAlerts(settings.alerts);
  const profile = settings.workload === undefined ? undefined : profiles[settings.workload];
  const topology = settings.topology ?? defaultTopology;
  const isSingle = topology === "single";
  const instances = settleInstances(settings.instances, { ...profile, isSingle });
  return {
    name,
    environment,
    region,
    topology,
    image: settleImage(settings.image, instances.type),
    container: settleContainer(settings.container, instances),
    model: settleModel(settings.model),
    health,
    requests,
    version: settleVersion(settings.version),
    workload: settings.workload ?? null,
    instances,
    scaling: settleScaling(settings.scaling, profile),
    network: settleNetwork(settings.network, { isSingle }),
    identity: settleIdentity(settings.identity),
    github: settleGithub(settings.github),
    state: settleState(settings.state, `${name}-${environment}`),
    waf: settleWaf(settings.waf),
    auth: settings.auth ?? defaultAuth,
    oidc: settings.auth === "oidc" ? settleOidc(settings.oidc) : null,
    responseHeaders: settleResponseHeaders(settings.response_headers),
    domains: listOf(settings.domain),
    zone: settings.zone ?? null,
    routing: settings.routing ?? defaultRouting,
    https: settings.https === "cloudfront" ? "cloudfront" : null,
    cache: settleCache(settings.cache),
    env: toText(settings.env),
    secrets: settings.secrets ?? {},
    tags: toText(settings.tags),
    logs: settleLogs(settings.logs),
    protection: settings.protection ?? environment === defaultEnvironment,
    release: settleRelease(settings.release, health.path, health.codes, requests.protocol),
    alarms: settleAlarms(settings.alarms, profile),
    alerts,
    budget: settleBudget(settings.budget, alerts?.emails ?? []),
    expires: settings.expires ?? null,
    dashboard: settings.dashboard ?? false,
    metrics: settleMetrics(settings.metrics, isSingle || settings.alerts !== undefined),
  };
}

function listOf(value: Settings["domain"]): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

type Dictionary = Readonly<Record<string, unknown>>;

function overlay(base: Dictionary, over: Dictionary): Dictionary {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    const merged = isDictionary(below) && isDictionary(value) && !wholeKeys.has(key);
    result[key] = merged ? overlay(below, value) : value;
  }
  return result;
}

function isDictionary(value: unknown): value is Dictionary {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A request's body is one value: merging two bodies would send one that no user wrote. */
const wholeKeys: ReadonlySet<string> = new Set(["body"]);
