import type { EventPage, LogEvent } from "../aws/logs/read-events.ts";
import type { Clock } from "../process/clock.ts";
import { createMemory, type Memory } from "./memory.ts";

export interface LogSource {
  /** One page of what was written from that time on. */
  readonly page: (from: number, token: string | undefined) => Promise<EventPage>;
  /** Whether the same request may succeed later: AWS throttles it, or did not answer. */
  readonly isPassing: (error: unknown) => boolean;
  readonly clock: Pick<Clock, "now" | "sleep">;
  readonly signal: AbortSignal;
}

/** Gets new events, ordered by time; false: no more are wanted. */
export type Take = (events: readonly LogEvent[]) => boolean;

/**
 * Passes on what was written since then, and ends. AWS allows few of these requests a second (5 in most regions), so a page that it throttles is
 * asked for again, later and later. Rejects with the signal's reason when that is aborted.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
export async function readSince(source: LogSource, from: number, take: Take): Promise<void> {
  await readPages(source, from, createMemory(), take);
}

/**
 * The same, and then what comes, until the signal is aborted or no more is wanted. Passes on each event once.
 *
 * CloudWatch orders events by the time at which they were written, and shows them some time later: Docker sends a container's lines every five
 * seconds, an instance without network sends its lines minutes late. So each look begins before the newest event, and events are known by
 * their ids. Most looks reach back a little, some far: a line that comes later than that is not shown.
 */
export async function follow(source: LogSource, from: number, take: Take): Promise<void> {
  try {
    await followOn(source, from, take);
  } catch (error) {
    // Its usual end.
    if (!source.signal.aborted) throw error;
  }
}

async function followOn(source: LogSource, from: number, take: Take): Promise<void> {
  const { clock, signal } = source;
  const memory = createMemory();
  // The start of the last look. What was written after it may have come since.
  let looked = clock.now().getTime();
  let isWanted = await readPages(source, from, memory, take);
  for (let look = 1; isWanted; look += 1) {
    await clock.sleep(pauseMilliseconds, signal);
    // The writers' clocks may differ from this one.
    const edge = Math.min(looked, memory.newest() ?? from);
    const reach = look % looksPerFarLook === 0 ? farMilliseconds : nearMilliseconds;
    memory.forget(edge - 2 * farMilliseconds);
    looked = clock.now().getTime();
    isWanted = await readPages(source, Math.max(from, edge - reach), memory, take);
  }
}

/** Whether more is wanted. */
async function readPages(
  source: LogSource,
  from: number,
  memory: Memory,
  take: Take,
): Promise<boolean> {
  let token: string | undefined;
  do {
    const { events, next } = await patientPage(source, from, token);
    const fresh = memory.unseen(events);
    if (fresh.length > 0 && !take(fresh)) return false;
    token = next;
  } while (token !== undefined);
  return true;
}

async function patientPage(
  { clock, isPassing, page, signal }: LogSource,
  from: number,
  token: string | undefined,
): Promise<EventPage> {
  for (let tries = 0; ; tries += 1) {
    signal.throwIfAborted();
    try {
      return await page(from, token);
    } catch (error) {
      if (!isPassing(error)) throw error;
      await clock.sleep(Math.min(longestPause, pauseMilliseconds * 2 ** tries), signal);
    }
  }
}

const pauseMilliseconds = 2000;
const longestPause = 30_000;
const nearMilliseconds = 30_000;
const farMilliseconds = 600_000;
const looksPerFarLook = 15;
