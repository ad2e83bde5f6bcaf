import type { Cores } from "./servers.ts";

export interface Settings {
  /** Of each measurement. */
  readonly seconds: number;
  readonly soakMinutes: number;
  /** What of the sweep runs: cores of the server, tokens of a text, connections. */
  readonly sweep: {
    readonly cores: readonly number[];
    readonly tokens: readonly number[];
    readonly connections: readonly number[];
  };
}

/** Which processors the server has, and which ask it. */
export interface Machine {
  readonly cores: number;
  readonly server: Cores;
  readonly load: Cores;
}

/** The usual one: the server has a core of its own. */
export const apart: Machine = { cores: 1, server: "0", load: "1" };

export const machines: readonly Machine[] = [apart, { cores: 2, server: "0,1", load: "0,1" }];
