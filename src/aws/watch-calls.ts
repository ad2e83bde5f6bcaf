/** The part of an SDK client that is needed to see each of its requests. */
export interface WatchedClient {
  readonly config: { readonly serviceId: string };
  readonly middlewareStack: {
    add(middleware: Middleware, where: object): void;
    addRelativeTo(middleware: Middleware, where: object): void;
  };
}

type Call = (args: object) => Promise<object>;
/** One for each call, for all its attempts. */
interface Context {
  readonly commandName?: string;
}
// The SDK's own types name every command's input and output. Here they pass through.
// oxlint-disable-next-line typescript/no-explicit-any
type Middleware = any;

export interface WatchDeps {
  /** Milliseconds. */
  readonly now: () => number;
  readonly warn: (text: string) => void;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
}

/**
 * Watches the clients' calls. When AWS throttles a service for more than 30 seconds, that is reported once. A read that is on its way when a signal comes is
 * abandoned after two seconds. A change may have been made, so its answer is waited for, but it is not sent again. Calls that begin after the signal are
 * left alone, because a release that rolls back makes them.
 */
export function createCallWatch(deps: WatchDeps): (client: WatchedClient) => void {
  return (client) => {
    const { serviceId } = client.config;
    /** Calls that began before a signal came. */
    const earlier = new WeakSet<Context>();
    const throttling = createThrottleWatch(serviceId, deps);
    const eachAttempt = (next: Call, context: Context) => async (args: object) => {
      try {
        const result = await next(args);
        throttling(undefined);
        return result;
      } catch (error) {
        throttling(error);
        throw deps.signal.aborted && earlier.has(context) ? deps.signal.reason : error;
      }
    };
    const eachCall = (next: Call, context: Context) => async (args: object) => {
      if (!deps.signal.aborted) earlier.add(context);
      return isRead(context.commandName ?? "") ? untilSignal(next(args), deps.signal) : next(args);
    };
    client.middlewareStack.addRelativeTo(eachAttempt, {
      name: "watchAttempts",
      relation: "after",
      toMiddleware: "retryMiddleware",
      override: true,
    });
    client.middlewareStack.add(eachCall, {
      name: "watchCalls",
      step: "initialize",
      override: true,
    });
  };
}

/** Called after each attempt, with its error. */
function createThrottleWatch(service: string, { now, warn }: Pick<WatchDeps, "now" | "warn">) {
  let since: number | undefined;
  let isTold = false;
  return (error: unknown): void => {
    if (!isThrottling(error)) {
      // An error of another kind does not show that AWS takes the calls again.
      if (error === undefined) since = undefined;
      return;
    }
    since ??= now();
    if (!isTold && now() - since > quietMilliseconds) {
      isTold = true;
      warn(`AWS is throttling calls of ${service}; they are sent again, and this takes longer`);
    }
  };
}

export function isThrottling(error: unknown): boolean {
  return (
    error instanceof Error &&
    /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|BandwidthLimitExceeded/.test(error.name)
  );
}

/** The result, or the signal's reason when it does not come soon after it. */
async function untilSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return work;
  let timer: NodeJS.Timeout | undefined;
  let stop: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => {
      timer = setTimeout(() => reject(signal.reason as Error), graceMilliseconds);
    };
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

function isRead(command: string): boolean {
  return /^(Get|List|Describe|Filter|Head|BatchGet)/.test(command);
}

const quietMilliseconds = 30_000;
const graceMilliseconds = 2000;
