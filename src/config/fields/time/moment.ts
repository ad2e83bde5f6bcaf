import { Cron } from "croner";

/**
 * The moment at which the clocks of a time zone show a time such as 2026-12-24 08:00; the first one where clocks show it twice. Null for
 * what cannot be read, and for a time that no clock there shows: 30 February, or the hour that is left out in spring.
 */
export function momentOf(at: string, timeZone: string): Date | null {
  if (!pattern.test(at)) return null;
  try {
    // Paused: only its arithmetic is wanted. It takes 30 February for 2 March.
    const [day, time] = at.split(" ");
    const cron = new Cron(`${day}T${time}:00`, { timezone: timeZone, paused: true });
    const moment = cron.nextRun(new Date(0));
    return moment !== null && clockTime(moment, timeZone) === at ? moment : null;
  } catch {
    return null;
  }
}

/** As Sweden writes it, which is the file's own form. */
function clockTime(moment: Date, timeZone: string): string {
  return moment.toLocaleString("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
}

const pattern = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/;
