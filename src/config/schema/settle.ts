import { defaultEnvironment, defaults } from "./defaults.ts";
import { secondsOf } from "./duration.ts";
import { toText } from "./fields.ts";
import { platformOf } from "./instance-type.ts";
import { settleRelease } from "./settle-release.ts";
import type { Config, ConfigFile, Settings } from "./schema.ts";

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
  const { image, health, version, instances, network, logs, alarms } = settings;
  const type = instances?.type ?? defaults.instances.type;
  const min = instances?.min ?? defaults.instances.min;
  const healthPath = health?.path ?? defaults.health.path;
  return {
    name,
    environment,
    region,
    topology: settings.topology ?? defaults.topology,
    image: {
      context: image?.context ?? defaults.image.context,
      dockerfile: image?.dockerfile ?? defaults.image.dockerfile,
      buildArgs: toText(image?.build_args),
      port: image?.port ?? defaults.image.port,
      platform: image?.platform ?? platformOf(type),
    },
    health: {
      path: healthPath,
      intervalSeconds: secondsOf(health?.interval ?? defaults.health.interval),
      timeoutSeconds: secondsOf(health?.timeout ?? defaults.health.timeout),
      drainSeconds: secondsOf(health?.drain ?? defaults.health.drain),
      failFast: health?.fail_fast ?? defaults.health.fail_fast,
    },
    version:
      version === undefined
        ? null
        : {
            path: version.path ?? defaults.version.path,
            field: version.field ?? defaults.version.field,
          },
    instances: {
      type,
      min,
      max: instances?.max ?? Math.max(min, defaults.instances.max),
      diskGb: instances?.disk ?? defaults.instances.disk,
      memoryMb: instances?.memory ?? null,
    },
    network: {
      cidr: network?.cidr ?? defaults.network.cidr,
      zones: network?.zones ?? defaults.network.zones,
      egress: network?.egress ?? defaults.network.egress,
      allow: network?.allow ?? defaults.network.allow,
    },
    domain: settings.domain ?? null,
    zone: settings.zone ?? null,
    env: toText(settings.env),
    tags: toText(settings.tags),
    logs: { retentionDays: logs?.retention ?? defaults.logs.retention },
    protection: settings.protection ?? environment === defaultEnvironment,
    release: settleRelease(settings.release, healthPath),
    alarms: {
      serverErrors: alarms?.server_errors ?? defaults.alarms.server_errors,
      p99Seconds: secondsOf(alarms?.p99 ?? defaults.alarms.p99),
      unhealthyHosts: alarms?.unhealthy_hosts ?? defaults.alarms.unhealthy_hosts,
    },
  };
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
