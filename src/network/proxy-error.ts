import { proxyText, type Proxy } from "./proxy.ts";

/** The proxy did not make the connection. The request has not left this network. */
export class ProxyError extends Error {
  readonly variable: string;

  constructor(proxy: Proxy, why: string) {
    super(`the proxy ${proxyText(proxy)} ${why}`);
    this.name = "ProxyError";
    this.variable = proxy.variable;
  }
}

/** `status`: of its answer to CONNECT. */
export function refusedText(status: number): string {
  return status === 407
    ? "wants a name and a password (407)"
    : `refuses the connection (status ${status})`;
}

/** A connection to the proxy itself that failed, in Node's code. */
export function unreachedText(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return `cannot be reached (${code ?? message ?? String(error)})`;
}
