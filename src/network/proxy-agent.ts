import type { ClientRequest } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Socket } from "node:net";
import { Agent, type AgentConnectOpts } from "agent-base";
import { HttpsProxyAgent } from "https-proxy-agent";
import { ProxyError, refusedText, unreachedText } from "./proxy-error.ts";
import { proxyFor, type Proxy } from "./proxy.ts";

/** For HTTPS requests of Node: each goes through the proxy that the variables name for its host, or directly. `ca`: the trusted authorities, in PEM. */
export function createProxyAgent(
  env: Readonly<Record<string, string | undefined>>,
  ca: string | undefined,
): Agent {
  const trust = ca === undefined ? {} : { ca };
  const direct = new HttpsAgent({ keepAlive: true, maxSockets, ...trust });
  const tunnels = new Map<string, Tunnel>();
  return new (class extends Agent {
    connect(_request: ClientRequest, { host, port }: AgentConnectOpts) {
      const proxy = proxyFor(new URL(`https://${host ?? ""}:${port}`), env);
      if (proxy === undefined) return direct;
      const tunnel = tunnels.get(proxy.url.href) ?? new Tunnel(proxy);
      tunnels.set(proxy.url.href, tunnel);
      return tunnel;
    }
  })({ keepAlive: true, maxSockets, ...trust });
}

/** Without it, an answer of the proxy other than 200 would be taken for one of AWS. */
class Tunnel extends HttpsProxyAgent<string> {
  readonly #proxy: Proxy;

  constructor(proxy: Proxy) {
    super(proxy.url, { keepAlive: true, maxSockets });
    this.#proxy = proxy;
  }

  override async connect(request: ClientRequest, options: AgentConnectOpts): Promise<Socket> {
    let status: number | undefined;
    request.once("proxyConnect", ({ statusCode }: { readonly statusCode: number }) => {
      status = statusCode;
    });
    try {
      const socket = await super.connect(request, options);
      if (status === 200) return socket;
      socket.destroy();
    } catch (error) {
      throw new ProxyError(this.#proxy, unreachedText(error));
    }
    throw new ProxyError(this.#proxy, refusedText(status ?? 0));
  }
}

const maxSockets = 50;
