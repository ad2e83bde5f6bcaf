import type { Clock } from "../../process/clock.ts";
import type { Probe } from "../strategy/machine.ts";
import type { Wanted } from "../strategy/step.ts";

/** Sends probes, at most one of each kind at a time, and collects their results. */
export interface Prober {
  /**
   * Sends the wanted probes and resolves to the results since the last call, oldest first. It does not wait for a slow probe, because
   * that would delay the look at the alarms; its result comes with a later call. Probes of an earlier `step` are dropped. Never throws.
   */
  readonly collect: (
    wanted: Wanted,
    step: string,
    signal: AbortSignal,
  ) => Promise<readonly Probe[]>;
}

/** `send` sends one probe, with the header of that value or as users do (null), and never rejects. */
export function createProber(
  send: (token: string | null, signal: AbortSignal) => Promise<Probe>,
  token: string,
  clock: Pick<Clock, "now" | "sleep">,
): Prober {
  const flying = new Map<string | null, Promise<void>>();
  let landed: { readonly step: string; readonly probe: Probe }[] = [];
  const fly = async (by: string | null, step: string, signal: AbortSignal): Promise<void> => {
    const sent = clock.now().getTime();
    const probe = await send(by, signal);
    const milliseconds = clock.now().getTime() - sent;
    flying.delete(by);
    // A request that was aborted with the release proves nothing about the version.
    if (!signal.aborted) landed.push({ step, probe: { ...probe, milliseconds } });
  };
  return {
    collect: async (wanted, step, signal) => {
      const kinds = [...(wanted.rule ? [token] : []), ...(wanted.address ? [null] : [])];
      for (const by of kinds) {
        if (!flying.has(by)) flying.set(by, fly(by, step, signal));
      }
      const patience = new AbortController();
      await Promise.race([
        Promise.all(kinds.map(async (by) => flying.get(by))),
        clock.sleep(patienceMilliseconds, patience.signal).catch(() => undefined),
      ]);
      patience.abort();
      const told = landed.filter((one) => one.step === step);
      landed = [];
      return told.map(({ probe }) => probe);
    },
  };
}

const patienceMilliseconds = 300;
