import { describeLine } from "../errors/describe.ts";
import type { Clock } from "../process/clock.ts";
import type { PageDocument } from "./page-document.ts";
import type { PageServer } from "./serve-page.ts";

export interface FollowParts {
  readonly clock: Pick<Clock, "sleep">;
  readonly aborted: AbortSignal;
  readonly server: Pick<PageServer, "isOpen" | "opened" | "send">;
  readonly look: () => Promise<PageDocument>;
}

/**
 * Looks every two seconds while a page is open, and sends what it sees; resolves when `aborted` fires. A look that fails is shown on the
 * page, because the next one may succeed.
 */
export async function followStack({ clock, aborted, server, look }: FollowParts): Promise<void> {
  const over = new Promise<void>((resolve) => {
    aborted.addEventListener("abort", () => {
      resolve();
    });
  });
  while (!aborted.aborted) {
    if (!server.isOpen()) await Promise.race([server.opened(), over]);
    if (aborted.aborted) return;
    try {
      server.send("page", await look());
      server.send("trouble", {});
    } catch (error) {
      if (aborted.aborted) return;
      server.send("trouble", { text: describeLine(error) });
    }
    await clock.sleep(lookMilliseconds, aborted).catch(() => undefined);
  }
}

const lookMilliseconds = 2000;
