import type { Cores } from "./servers.ts";

export interface Settings {
  /** Seconds of each measurement. */
  readonly seconds: number;
  readonly soakMinutes: number;
  /** The part of the sweep to run: cores of the server, tokens of a text, connections. */
  readonly sweep: {
    readonly cores: readonly number[];
    readonly tokens: readonly number[];
    readonly connections: readonly number[];
  };
}

/** The processors of the server, and those of the load. */
export interface Machine {
  readonly cores: number;
  readonly server: Cores;
  readonly load: Cores;
}

/** The usual one: the server has its own core. */
export const apart: Machine = { cores: 1, server: "0", load: "1" };

export const machines: readonly Machine[] = [apart, { cores: 2, server: "0,1", load: "0,1" }];
