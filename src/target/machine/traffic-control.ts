import type { SSMClient } from "@aws-sdk/client-ssm";
import { readParameter, writeParameter } from "../../aws/parameters.ts";
import { CommandError } from "../../errors/command-error.ts";
import type { Clock } from "../../process/clock.ts";
import type { DoorReport } from "../../state/reports/door-report.ts";
import { parseTraffic, type Traffic } from "../../state/traffic.ts";

export interface TrafficDeps {
  readonly ssm: () => Promise<Pick<SSMClient, "send">>;
  /** Name of the parameter. */
  readonly parameter: string;
  /** Of the machine that runs now; undefined while there is none, or before its first report. */
  readonly report: () => Promise<DoorReport | undefined>;
  readonly clock: Pick<Clock, "now" | "sleep">;
}

/** The parameter that the machine's door follows. Only the holder of the stack's lock changes it. */
export interface TrafficControl {
  /** Undefined when the parameter is gone, as after an interrupted destroy. */
  readonly read: () => Promise<Traffic | undefined>;
  /** Writes what differs. Throws CommandError when the parameter is gone. */
  readonly change: (edit: (traffic: Traffic) => Partial<Traffic>) => Promise<void>;
  /** The same, and waits until the machine follows. Throws CommandError (1) when it does not. Without a machine there is nothing to wait for. */
  readonly settle: (edit: (traffic: Traffic) => Partial<Traffic>) => Promise<void>;
}

export function createTrafficControl({
  clock,
  parameter,
  report,
  ssm,
}: TrafficDeps): TrafficControl {
  const read = async (): Promise<Traffic | undefined> => {
    const text = await readParameter(await ssm(), parameter);
    return text === undefined ? undefined : parseTraffic(text, parameter);
  };
  const change = async (edit: (traffic: Traffic) => Partial<Traffic>): Promise<Traffic> => {
    const before = await read();
    if (before === undefined) throw gone(parameter);
    const after = { ...before, ...edit(before) };
    if (JSON.stringify(after) === JSON.stringify(before)) return before;
    const written = { ...after, generation: before.generation + 1 };
    await writeParameter(await ssm(), parameter, JSON.stringify(written));
    return written;
  };
  const follow = async (generation: number): Promise<void> => {
    const end = clock.now().getTime() + patienceMilliseconds;
    for (;;) {
      const seen = await report();
      if (seen === undefined || seen.generation >= generation) return;
      if (clock.now().getTime() > end) throw silent(seen);
      await clock.sleep(pauseMilliseconds);
    }
  };
  return {
    read,
    change: async (edit) => {
      await change(edit);
    },
    settle: async (edit) => follow((await change(edit)).generation),
  };
}

function gone(parameter: string): CommandError {
  return new CommandError("The machine's traffic parameter does not exist.", {
    where: parameter,
    why: "it was deleted, or a destroy was interrupted",
    next: "infer-deploy up --refresh creates it again",
  });
}

function silent({ instance, problem }: DoorReport): CommandError {
  return new CommandError("The machine does not follow the change of its traffic.", {
    where: `instance ${instance}`,
    why:
      problem === ""
        ? `it has reported nothing newer for ${patienceMilliseconds / 1000} s: the machine or its network is busy, or down`
        : problem,
    next: "infer-deploy status shows the machine; the same command again tries once more",
  });
}

/** A machine under load, or one whose credentials are being renewed, takes a few seconds. */
const patienceMilliseconds = 30_000;
const pauseMilliseconds = 250;
