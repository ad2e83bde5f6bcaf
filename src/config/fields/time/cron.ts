import { Cron } from "croner";

/** Five fields of numbers, names, *, lists, ranges and steps: what EC2 Auto Scaling reads. croner reads more. */
const fields = /^(?:[\d*,/-]|[A-Za-z]{3})+(?: (?:[\d*,/-]|[A-Za-z]{3})+){4}$/;

/** What is wrong with a schedule: it cannot be read, or it never fires, such as on 31 February. Null for a good one. */
export function cronProblem(cron: string): "unreadable" | "never" | null {
  const schedule = read(cron, "UTC");
  if (schedule === null) return "unreadable";
  return schedule.nextRun(anyDay) === null ? "never" : null;
}

/** The last time before a moment at which a schedule fired; null for one that cannot be read. */
export function lastFired(cron: string, timeZone: string, before: Date): Date | null {
  return read(cron, timeZone)?.previousRuns(1, before)[0] ?? null;
}

/** Whether it is the name of a place's time, or UTC. */
export function isTimeZone(name: string): boolean {
  return timeZones().includes(name);
}

/** IANA's names. */
export function timeZones(): readonly string[] {
  return ["UTC", "Etc/UTC", ...Intl.supportedValuesOf("timeZone")];
}

function read(cron: string, timezone: string): Cron | null {
  if (!fields.test(cron)) return null;
  try {
    // Paused: only its arithmetic is wanted.
    return new Cron(cron, { timezone, paused: true });
  } catch {
    return null;
  }
}

const anyDay = new Date("2026-01-01T00:00:00Z");
