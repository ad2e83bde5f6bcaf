import type { Cores } from "./servers.ts";

export interface Settings {
  /** Of each measurement. */
  readonly seconds: number;
  readonly soakMinutes: number;
}

/** Which processors the server has, and which ask it. */
export interface Machine {
  readonly name: string;
  readonly server: Cores;
  readonly load: Cores;
}

/** The usual one: the server has a core of its own. */
export const apart: Machine = { name: "1 core", server: "0", load: "1" };

export const machines: readonly Machine[] = [
  apart,
  { name: "2 cores", server: "0,1", load: "0,1" },
];
