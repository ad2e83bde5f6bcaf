/**
 * Sends a report when its text has changed. The emulator keeps what it was sent, and may have been restarted: an unchanged report is
 * repeated from time to time. `now`: milliseconds since 1970.
 */
export function createResend(
  now: () => number,
): (name: string, text: string, send: () => Promise<void>) => Promise<void> {
  const sent = new Map<string, { readonly text: string; readonly at: number }>();
  return async (name, text, send) => {
    const last = sent.get(name);
    if (text === last?.text && now() - last.at < resendMilliseconds) return;
    await send();
    sent.set(name, { text, at: now() });
  };
}

const resendMilliseconds = 5000;
