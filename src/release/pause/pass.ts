import { passHeader } from "../../aws/listener/pause-rules.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import { readPause } from "../../state/pause.ts";
import type { Alarms } from "../parts.ts";

/** Value of the header that passes the pause; undefined when nothing is paused. */
export type ReadToken = () => Promise<string | undefined>;

/** Reads it at the first call, and again after it could not be read: no pause begins or ends while a run has the lock. */
export function rememberToken(store: Pick<ObjectStore, "get">): ReadToken {
  let known: ReturnType<ReadToken> | undefined;
  return async () => {
    known ??= readPause(store).then((stored) => stored?.pause.token);
    try {
      return await known;
    } catch (error) {
      known = undefined;
      throw error;
    }
  };
}

/** Sends the header that passes a pause, so that a release sees the service while users get the answer of the pause. */
export function withPass(fetcher: typeof fetch, readToken: ReadToken): typeof fetch {
  return async (input, init) => {
    const token = await readToken();
    if (token === undefined) return fetcher(input, init);
    const headers = init?.headers as Readonly<Record<string, string>> | undefined;
    return fetcher(input, { ...init, headers: { ...headers, [passHeader]: token } });
  };
}

/** During a pause, the alarm on the load balancer's own answers is on because of the pause: it means nothing to a release. */
export function withoutPause(alarms: Alarms, unanswered: string, readToken: ReadToken): Alarms {
  return {
    describe: async (names) => {
      const [found, token] = await Promise.all([alarms.describe(names), readToken()]);
      return token === undefined
        ? found
        : found.map((alarm) =>
            alarm.name === unanswered && alarm.state === "ALARM"
              ? { ...alarm, state: "OK" as const, reason: "" }
              : alarm,
          );
    },
  };
}
