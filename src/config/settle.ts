import { defaultEnvironment, defaults } from "./defaults.ts";
import { parseDuration } from "./duration.ts";
import { platformOf } from "./instance-type.ts";
import type { Config, ConfigFile, Settings } from "./schema.ts";

/** The file's settings with those of the environment laid over them: maps key by key, all else replaced. */
export function overlaySettings(file: ConfigFile, environment: string): Settings {
  const { name: _, environments, ...base } = file;
  return overlay(base, environments?.[environment] ?? {});
}

/** Fills in the defaults and turns the file's spelling into units. Expects settings that the schema accepts. */
export function settle(
  name: string,
  environment: string,
  region: string,
  settings: Settings,
): Config {
  const { image, health, version, instances, network, logs, alarms } = settings;
  const type = instances?.type ?? defaults.instances.type;
  const min = instances?.min ?? defaults.instances.min;
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
      path: health?.path ?? defaults.health.path,
      intervalSeconds: seconds(health?.interval ?? defaults.health.interval),
      timeoutSeconds: seconds(health?.timeout ?? defaults.health.timeout),
      drainSeconds: seconds(health?.drain ?? defaults.health.drain),
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
    alarms: {
      serverErrors: alarms?.server_errors ?? defaults.alarms.server_errors,
      p99Seconds: seconds(alarms?.p99 ?? defaults.alarms.p99),
      unhealthyHosts: alarms?.unhealthy_hosts ?? defaults.alarms.unhealthy_hosts,
    },
  };
}

type Dictionary = Readonly<Record<string, unknown>>;

function overlay(base: Dictionary, over: Dictionary): Dictionary {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isDictionary(below) && isDictionary(value) ? overlay(below, value) : value;
  }
  return result;
}

function isDictionary(value: unknown): value is Dictionary {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function toText(
  values: Readonly<Record<string, string | number | boolean>> | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => [name, String(value)]),
  );
}

function seconds(duration: string): number {
  const value = parseDuration(duration);
  if (value === null) throw new Error(`The schema let through the duration ${duration}.`);
  return value;
}
