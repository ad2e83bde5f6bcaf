/**
 * How load balancer metrics and alarms run in time. Elastic Load Balancing measures and sends its metrics in 60-second intervals (CloudWatch
 * metrics for your Application Load Balancer). CloudWatch evaluates an alarm whose period is a minute or longer once a minute, and
 * one with a shorter period every ten seconds (Using Amazon CloudWatch alarms).
 */

/** [from, to) in pieces that begin and end with the clock's minutes. Seconds since 1970. */
export function minutes(from: number, to: number): readonly (readonly [number, number])[] {
  const pieces: [number, number][] = [];
  for (let start = from; start < to;) {
    const end = Math.min(to, (Math.floor(start / minute) + 1) * minute);
    pieces.push([start, end]);
    start = end;
  }
  return pieces;
}

/** Until when metrics are published at `now`. `delaySeconds`: null when they are published as they come. */
export function publishedUntil(now: number, delaySeconds: number | null): number {
  // The last second is not complete yet.
  return delaySeconds === null ? now - 1 : Math.floor((now - delaySeconds) / minute) * minute;
}

/** Whether CloudWatch evaluates an alarm with this period between two moments, of which the first is excluded. */
export function isDue(periodSeconds: number, since: number, now: number): boolean {
  const every = periodSeconds < minute ? 10 : minute;
  return Math.floor(now / every) > Math.floor(since / every);
}

const minute = 60;
