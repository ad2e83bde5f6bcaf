/** What came back for one request. */
export interface Answer {
  readonly status: number;
  /** The version that answered, if the app reports it. */
  readonly version?: string | null;
}

/** One request of a load: when it was sent and answered (milliseconds since 1970) and what came back. */
export interface Sample {
  readonly sent: number;
  readonly answered: number;
  /** HTTP status, or 0 when the connection failed. */
  readonly status: number;
  readonly version: string | null;
}

export interface Load {
  /** What has been answered so far, in the order of the answers. */
  readonly samples: readonly Sample[];
  /** Sends no more and resolves when everything that was sent is answered. */
  readonly stop: () => Promise<readonly Sample[]>;
}

/** Asks `perSecond` times a second, whether or not the earlier answers have come, until it is stopped. */
export function startLoad(ask: () => Promise<Answer>, perSecond: number): Load {
  const samples: Sample[] = [];
  const pending = new Set<Promise<void>>();
  const send = (): void => {
    const sent = Date.now();
    const one = ask()
      .catch((): Answer => ({ status: 0 }))
      .then(({ status, version = null }) => {
        samples.push({ sent, answered: Date.now(), status, version });
        pending.delete(one);
      });
    pending.add(one);
  };
  const began = performance.now();
  let due = 0;
  // A timer alone falls behind on a busy machine, so what is due by the clock is sent.
  const timer = setInterval(() => {
    const wanted = Math.floor(((performance.now() - began) / 1000) * perSecond);
    for (; due < wanted; due += 1) send();
  }, 1000 / perSecond);
  return {
    samples,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(pending);
      return samples;
    },
  };
}

/** A real prediction of the sample app, asked for at an address. */
export async function askEmbedding(url: string, fetcher: typeof fetch = fetch): Promise<Answer> {
  const response = await fetcher(new URL("/v1/embeddings", url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "all-MiniLM-L6-v2", input: "a short sentence" }),
    signal: AbortSignal.timeout(30_000),
  });
  await response.arrayBuffer();
  return { status: response.status, version: response.headers.get("x-app-version") };
}

/** Those that are not 2xx, including failed connections. */
export function failedSamples(samples: readonly Sample[]): readonly Sample[] {
  return samples.filter(({ status }) => status < 200 || status > 299);
}

/** The versions that gave the good answers, in the order of their first one. */
export function versionsOf(samples: readonly Sample[]): readonly (string | null)[] {
  const good = samples.filter(({ status }) => status >= 200 && status <= 299);
  return [...new Set(good.toSorted((a, b) => a.sent - b.sent).map(({ version }) => version))];
}
