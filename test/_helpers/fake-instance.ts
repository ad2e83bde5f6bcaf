import type { Colour } from "../../src/stack/colour.ts";
import type { Weather } from "./fake-parts.ts";

export interface FakeInstance {
  readonly id: string;
  readonly colour: Colour;
  lifecycle: "InService" | "Standby";
  /** What it runs, and since when in milliseconds. */
  release: number | null;
  since: number;
  /** Since when the load balancer sends it requests, in milliseconds. */
  joined: number;
  /** Times that its container was started again for this release. */
  restarts: number;
  /** It has fetched the release, and waits for the command of `release.before`. */
  held: boolean;
}

export interface FakeStackOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds from a start to a healthy container. */
  readonly startMilliseconds?: number;
  /** Milliseconds of good health checks until the load balancer finds a target healthy. */
  readonly checkMilliseconds?: number;
  /** Milliseconds that the command of `release.before` takes. */
  readonly commandMilliseconds?: number;
  readonly weather?: Weather;
}
