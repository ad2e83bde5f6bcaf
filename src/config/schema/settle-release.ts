import { defaults } from "./defaults.ts";
import { secondsOf } from "./duration.ts";
import { toText } from "./fields.ts";
import type { ProbeSettings } from "./probe-settings.ts";
import type { ReleaseSettings } from "./release-settings.ts";
import { bodyText } from "./request-fields.ts";
import type { Settings } from "./schema.ts";

type ReleaseKeys = NonNullable<Settings["release"]>;

/** The part of `settle` that is about releases. */
export function settleRelease(release: Settings["release"], healthPath: string): ReleaseSettings {
  const { canary, linear, rolling, probe } = release ?? {};
  const byDefault = defaults.release;
  return {
    strategy: release?.strategy ?? byDefault.strategy,
    bakeSeconds: secondsOf(release?.bake ?? byDefault.bake),
    timeoutSeconds: secondsOf(release?.timeout ?? byDefault.timeout),
    keepPreviousSeconds: secondsOf(release?.keep_previous ?? byDefault.keep_previous),
    alarms: release?.alarms ?? [],
    canary: {
      weight: canary?.weight ?? byDefault.canary.weight,
      bakeSeconds: secondsOf(canary?.bake ?? byDefault.canary.bake),
    },
    linear: {
      step: linear?.step ?? byDefault.linear.step,
      intervalSeconds: secondsOf(linear?.interval ?? byDefault.linear.interval),
    },
    rolling: { batch: rolling?.batch ?? byDefault.rolling.batch },
    probe: settleProbe(probe ?? {}, healthPath),
  };
}

function settleProbe(probe: NonNullable<ReleaseKeys["probe"]>, healthPath: string): ProbeSettings {
  const byDefault = defaults.release.probe;
  return {
    path: probe.path ?? healthPath,
    method: probe.method ?? byDefault.method,
    headers: settleHeaders(probe),
    // An environment removes the file's body with an empty text.
    body: probe.body === undefined || probe.body === "" ? null : bodyText(probe.body),
    status: probe.status ?? byDefault.status,
    jsonPath: probe.json_path ?? null,
    timeoutSeconds: secondsOf(probe.timeout ?? byDefault.timeout),
    failures: probe.failures ?? byDefault.failures,
    window: probe.window ?? byDefault.window,
  };
}

function settleHeaders({
  body,
  headers,
}: NonNullable<ReleaseKeys["probe"]>): Readonly<Record<string, string>> {
  const written = toText(headers);
  const hasType = Object.keys(written).some((name) => name.toLowerCase() === "content-type");
  return typeof body === "object" && !hasType
    ? { "content-type": "application/json", ...written }
    : written;
}
