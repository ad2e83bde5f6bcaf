import type { Weather } from "../../client/weather-text.ts";
import type { AuthorityWeather } from "../authority/authority-model.ts";

/** The weather that acts outside of the emulator; sandbox/region/emulator/weather/ says what AWS does and where that is documented. */
export interface Conditions {
  /** `slow-metrics`: how long the metrics of a period take to appear. Null: they appear at once. */
  readonly metricDelaySeconds: number | null;
  /** `slow-boot`: how long a new instance takes before it runs its user data. */
  readonly bootSeconds: number;
  /** `keep-alive` */
  readonly keepsConnections: boolean;
  /** `self-update`: the age at which an instance updates itself. Null: never. */
  readonly updateAgeSeconds: number | null;
  /** `daemon-reload` and `gpu-lost`: the age at which an instance reloads systemd, and at which it loses a GPU. Null: never. */
  readonly reloadAgeSeconds: number | null;
  readonly gpuLossAgeSeconds: number | null;
  /** `flaky-instance`: which errors an instance may meet in its first tries. The emulator sees to `s3`. */
  readonly firstFailures: readonly FirstFailure[];
  readonly authority: AuthorityWeather;
}

export type FirstFailure = "dns" | "registry" | "s3";

/** The emulator has checked the values. */
export function readConditions(weather: Weather): Conditions {
  const seconds = (name: string) => parseSeconds(weather[name]);
  const flaky = weather["flaky-instance"];
  return {
    metricDelaySeconds: seconds("slow-metrics"),
    bootSeconds: seconds("slow-boot") ?? 0,
    keepsConnections: "keep-alive" in weather,
    updateAgeSeconds: seconds("self-update"),
    reloadAgeSeconds: seconds("daemon-reload"),
    gpuLossAgeSeconds: seconds("gpu-lost"),
    firstFailures:
      flaky === undefined ? [] : failures.filter((one) => flaky === one || flaky === "any"),
    authority: {
      down: "authority-down" in weather,
      busySeconds: seconds("authority-busy"),
      certificateSeconds: seconds("short-certificates") ?? 0,
      badNoncePercent: Number(weather["bad-nonces"] ?? 0),
      slowSeconds: seconds("slow-validation") ?? 0,
    },
  };
}

/** 30s, 20m or 2h; a bare number is seconds. */
function parseSeconds(value: string | true | undefined): number | null {
  const [, number, unit] = /^(\d+)([smh]?)$/.exec(String(value ?? "")) ?? [];
  return number === undefined
    ? null
    : Number(number) * (unit === "h" ? 3600 : unit === "m" ? 60 : 1);
}

const failures: readonly FirstFailure[] = ["dns", "registry", "s3"];
