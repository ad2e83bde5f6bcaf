import * as z from "zod/mini";

/** What test/long-app says of the container that answers. */
export type Container = z.infer<typeof container>;

export type LongKind = keyof typeof kinds;

/** One request that takes minutes. Times are milliseconds since 1970. */
export interface LongRequest {
  readonly kind: LongKind;
  readonly started: number;
  /** Undefined while it is open. */
  readonly ended?: number;
  /** Undefined before the first answer; for a silent request that is the last one, too. */
  readonly by?: Container;
  /** What went wrong: it was cut, or an event was not the next one, or another container sent it. */
  readonly fault?: string;
}

/**
 * Begins a stream of three minutes, a request that is silent for 100 s and a WebSocket of three minutes, every five seconds until it is
 * stopped. `requests` has all of them, also those that are open.
 */
export function startLongRequests(url: string) {
  const requests: LongRequest[] = [];
  const open = new Set<Promise<void>>();
  const begin = (kind: LongKind): void => {
    const at = requests.push({ kind, started: Date.now() }) - 1;
    const note = (more: Partial<LongRequest>): void => {
      requests[at] = { ...requests[at], ...more } as LongRequest;
    };
    const one = kinds[kind](url, (by) => note({ by }))
      .catch((error: unknown) => note({ fault: faultText(error) }))
      .then(() => {
        note({ ended: Date.now() });
        open.delete(one);
      });
    open.add(one);
  };
  const beginAll = (): void => {
    for (const kind of ["stream", "silent", "socket"] as const) begin(kind);
  };
  beginAll();
  const timer = setInterval(beginAll, 5000);
  return {
    requests: requests as readonly LongRequest[],
    /** Begins no more, and resolves when all have ended. */
    stop: async () => {
      clearInterval(timer);
      await Promise.all(open);
    },
  };
}

export function faultsOf(requests: readonly LongRequest[]): readonly LongRequest[] {
  return requests.filter(({ fault }) => fault !== undefined);
}

type Told = (by: Container) => void;

async function stream(url: string, told: Told): Promise<void> {
  const answer = await fetch(new URL(`/stream?seconds=${streamSeconds}`, url));
  if (!answer.ok || answer.body === null) throw new Error(`it was answered with ${answer.status}`);
  const seen = follow(told);
  let rest = "";
  for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + text).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      const [, id, data = ""] = /^id: (\d+)\ndata: (.*)$/.exec(event) ?? [];
      seen.event(Number(id), data);
    }
  }
  seen.end(streamSeconds);
}

async function silent(url: string, told: Told): Promise<void> {
  const answer = await fetch(new URL(`/silent?seconds=${silentSeconds}`, url));
  if (!answer.ok) throw new Error(`it was answered with ${answer.status}`);
  told(container.parse(await answer.json()));
}

/** Sends the number of each second, by the clock, and expects it back before the next one. */
async function socket(url: string, told: Told): Promise<void> {
  const to = new URL("/socket", url);
  to.protocol = to.protocol.replace("http", "ws");
  const line = new WebSocket(to);
  const ended = new Promise<CloseEvent>((resolve) => line.addEventListener("close", resolve));
  const began = performance.now();
  let next = 0;
  let fault: string | undefined;
  line.addEventListener("message", ({ data }) => {
    if (next === 0) told(container.parse(JSON.parse(String(data))));
    else if (String(data) !== String(next)) fault ??= `${data} came back in place of ${next}`;
    next += 1;
    if (next > streamSeconds) line.close(1000);
    else setTimeout(() => line.send(String(next)), began + next * 1000 - performance.now());
  });
  const { code } = await ended;
  if (fault !== undefined) throw new Error(fault);
  if (next <= streamSeconds || code !== 1000)
    throw new Error(`it was cut after ${next} of ${streamSeconds} texts, with code ${code}`);
}

/** Fails unless the events are 1, 2, 3 and so on, all of one container. */
function follow(told: Told) {
  let last = 0;
  let first = "";
  return {
    event: (id: number, data: string): void => {
      if (last === 0) {
        first = data;
        told(container.parse(JSON.parse(data)));
      }
      if (id !== last + 1 || data !== first)
        throw new Error(`event ${id} of ${data} came after ${last} of ${first}`);
      last = id;
    },
    end: (wanted: number): void => {
      if (last !== wanted) throw new Error(`it was cut after ${last} of ${wanted} events`);
    },
  };
}

function faultText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

const container = z.object({ version: z.string(), instance: z.string(), born: z.number() });
const kinds = { stream, silent, socket };
const streamSeconds = 180;
const silentSeconds = 100;
