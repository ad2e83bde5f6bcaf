import { setTimeout as sleep } from "node:timers/promises";
import type { RunningCli } from "../../test/_helpers/running-cli.ts";
import type { ReleaseFault } from "./fault.ts";

/** A signal, sent three times, ends the command at a safe point, with its own exit code and the old version back. */
export function signalFaults(at: string, from: RegExp): readonly ReleaseFault[] {
  const signals = [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const;
  return signals.map(([signal, exit]) => ({
    fault: `${signal} three times`,
    at,
    from,
    args: ["--bake", "60s"],
    inject: async (_, cli) => sendThrice(cli, signal),
    exit: [exit],
    serves: "old",
  }));
}

/** As a person presses a key, with a moment in between. */
export async function sendThrice(cli: RunningCli, signal: NodeJS.Signals): Promise<void> {
  for (let press = 0; press < 3; press += 1) {
    cli.kill(signal);
    await sleep(300);
  }
}
