import { request as sendHttp } from "node:http";
import { request as sendHttps } from "node:https";
import type { Socket } from "node:net";
import * as tls from "node:tls";
import { ProxyError, refusedText, unreachedText } from "./proxy-error.ts";
import { proxyFor, type Proxy } from "./proxy.ts";
import { trustToo } from "./trust.ts";

/** A connection with TLS to the URL's host, on which HTTP/2 was agreed. Rejects with the signal's reason, or with the cause. */
export type TlsConnect = (
  url: Pick<URL, "hostname" | "port" | "protocol">,
  signal: AbortSignal | undefined,
) => Promise<Socket>;

/**
 * Connects through the proxy that the variables name, and trusts the authorities of AWS_CA_BUNDLE too, as createFetch does. `host`: where to connect in
 * place of the URL's own host, which SNI and the check of the certificate keep. A proxy resolves the URL's name by itself, so it gets that one.
 */
export function createTlsConnect(
  env: Readonly<Record<string, string | undefined>>,
  host?: string,
): TlsConnect {
  return async ({ hostname, port }, signal) => {
    const own = await trustToo(env);
    const number = Number(port || "443");
    const proxy = proxyFor(new URL(`https://${hostname}:${number}`), env);
    const way =
      proxy === undefined
        ? { host: host ?? hostname, port: number }
        : { socket: await tunnel(proxy, `${hostname}:${number}`, signal) };
    return connectTls({ ...way, servername: hostname, ...own }, signal);
  };
}

/** Connects where `way` says, asked for each connection. */
export function connectAlong(
  way: (...asked: Parameters<TlsConnect>) => Promise<tls.ConnectionOptions>,
): TlsConnect {
  return async (url, signal) => connectTls(await way(url, signal), signal);
}

async function connectTls(
  options: tls.ConnectionOptions,
  signal: AbortSignal | undefined,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const socket = tls.connect({ ...options, ALPNProtocols: ["h2"] });
    const abort = () => {
      reject(signal?.reason);
      socket.destroy();
    };
    signal?.addEventListener("abort", abort, { once: true });
    const over = () => {
      signal?.removeEventListener("abort", abort);
    };
    socket.once("error", (error) => {
      over();
      reject(error);
    });
    socket.once("secureConnect", () => {
      over();
      if (socket.alpnProtocol === "h2") resolve(socket);
      else {
        socket.destroy();
        reject(new Error("the address does not speak HTTP/2"));
      }
    });
  });
}

async function tunnel(
  proxy: Proxy,
  authority: string,
  signal: AbortSignal | undefined,
): Promise<Socket> {
  const { hostname, password, port, protocol, username } = proxy.url;
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return new Promise((resolve, reject) => {
    const send = protocol === "https:" ? sendHttps : sendHttp;
    const request = send({
      host: hostname,
      ...(port === "" ? {} : { port }),
      method: "CONNECT",
      path: authority,
      headers: {
        host: authority,
        ...(username === "" ? {} : { "proxy-authorization": `Basic ${login.toString("base64")}` }),
      },
      ...(signal === undefined ? {} : { signal }),
    });
    request.once("connect", ({ statusCode = 0 }, socket: Socket) => {
      if (statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(new ProxyError(proxy, refusedText(statusCode)));
      }
    });
    request.once("error", (error) => {
      reject(signal?.aborted === true ? error : new ProxyError(proxy, unreachedText(error)));
    });
    request.end();
  });
}
