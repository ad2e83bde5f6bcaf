import type { Row } from "../table.ts";
import type { Cores } from "./servers.ts";
import type { Places } from "./setup.ts";

/** Every row says which bound it is held to, and whether it keeps it. */
export type BoundRow = Row & { readonly bound: string; readonly result: "pass" | "FAIL" | "-" };

export interface Settings {
  /** Of each measurement. */
  readonly seconds: number;
  readonly soakMinutes: number;
}

export type Group = (places: Places, settings: Settings) => Promise<readonly BoundRow[]>;

/** Which processors the server has, and which ask it. */
export interface Machine {
  readonly name: string;
  readonly server: Cores;
  readonly load: Cores;
}

export const machines: readonly Machine[] = [
  { name: "1 core", server: "0", load: "1" },
  { name: "2 cores", server: "0,1", load: "0,1" },
];

/** The usual one: the server has a core of its own. */
export const apart: Machine = { name: "1 core", server: "0", load: "1" };

export function held(bound: string, isKept: boolean): Pick<BoundRow, "bound" | "result"> {
  return { bound, result: isKept ? "pass" : "FAIL" };
}
