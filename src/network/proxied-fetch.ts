import type { Dispatcher } from "undici";
import { ProxyError, unreachedText } from "./proxy-error.ts";
import { isLoopback, proxyFor, type Proxy } from "./proxy.ts";
import { trustToo } from "./trust.ts";

/**
 * `fetch` for the stack's address. It goes through the proxy that the variables name, and also trusts the authorities of AWS_CA_BUNDLE, because a proxy
 * that reads along signs every answer with its own. Node's own fetch where no variable says otherwise, and for this machine's addresses.
 */
export function createFetch(env: Readonly<Record<string, string | undefined>>): typeof fetch {
  if (!variables.some((name) => env[name])) return globalThis.fetch;
  let open: Promise<(proxy: Proxy | undefined) => Dispatcher> | undefined;
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (isLoopback(url.hostname)) return globalThis.fetch(input, init);
    const proxy = proxyFor(url, env);
    const [undici, dispatcher] = await Promise.all([import("undici"), (open ??= openWays(env))]);
    try {
      // undici's fetch, because Node's accepts only dispatchers of the undici that it was built with. The interface is the same.
      const answer: unknown = await undici.fetch(url, {
        ...(init as object),
        dispatcher: dispatcher(proxy),
      });
      return answer as Response;
    } catch (error) {
      throw proxy === undefined || isOver(init) ? error : explain(proxy, error);
    }
  };
}

/**
 * `direct` for addresses that need no proxy, such as those of NO_PROXY. A proxy resolves the URL's name by its own resolver, so that one cannot be led to
 * another host.
 */
export function createFetchPast(
  direct: typeof fetch,
  env: Readonly<Record<string, string | undefined>>,
): typeof fetch {
  const proxied = createFetch(env);
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return proxyFor(url, env) === undefined ? direct(input, init) : proxied(input, init);
  };
}

/** One dispatcher for each proxy, and one without. */
async function openWays(
  env: Readonly<Record<string, string | undefined>>,
): Promise<(proxy: Proxy | undefined) => Dispatcher> {
  const [undici, own] = await Promise.all([import("undici"), trustToo(env)]);
  const ways = new Map<string, Dispatcher>();
  return (proxy) => {
    const key = proxy === undefined ? "" : `${proxy.variable} ${proxy.url.href}`;
    const way =
      ways.get(key) ??
      (proxy === undefined
        ? new undici.Agent({ connect: own })
        : new undici.ProxyAgent({
            uri: proxy.url.href,
            requestTls: own,
            // Many proxies tunnel to port 443 only.
            proxyTunnel: proxy.variable.toUpperCase() === "HTTPS_PROXY",
          }));
    ways.set(key, way);
    return way;
  };
}

function isOver(init: RequestInit | undefined): boolean {
  return init?.signal?.aborted === true;
}

/** fetch hides the reason in the cause, where connectionReason() looks for it. */
function explain(proxy: Proxy, error: unknown): Error {
  const { cause } = error as { readonly cause?: { readonly code?: string; message?: string } };
  const isOfProxy = /Proxy response|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH/.test(
    `${cause?.code ?? ""} ${cause?.message ?? ""}`,
  );
  const status = /Proxy response \((\d+)\)/.exec(cause?.message ?? "")?.[1];
  const why =
    status === undefined ? unreachedText(cause) : `refuses the connection (status ${status})`;
  return isOfProxy
    ? new TypeError("fetch failed", { cause: new ProxyError(proxy, why) })
    : (error as Error);
}

const variables = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "AWS_CA_BUNDLE"];
