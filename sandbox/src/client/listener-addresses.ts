import { shellWord } from "../../../src/errors/printed-commands.ts";

/**
 * Host name or Elastic IP address -> port -> the loopback port of a load balancer's listener, or HOST:PORT of an instance's container. An
 * address without ports leads to no running instance. The sandbox has no DNS.
 */
export type ListenerAddresses = Readonly<Record<string, Readonly<Record<string, number | string>>>>;

export interface Destination {
  readonly hostname: string;
  readonly port: string;
}

/**
 * Where a host serves a URL, by default the URL's own: undefined when the sandbox has no such name or address, and "refused" when nothing
 * listens at its port.
 */
export function destinationOf(
  addresses: ListenerAddresses,
  url: URL,
  host = url.hostname,
): Destination | "refused" | undefined {
  const ports = addresses[host];
  if (ports === undefined) return undefined;
  const served = ports[portOf(url)];
  return served === undefined ? "refused" : readDestination(served);
}

/** A shell command that requests `url` and follows its redirects; undefined when nothing in the sandbox serves its host name. */
export function curlLine(
  addresses: ListenerAddresses,
  authority: string,
  url: URL,
): string | undefined {
  const ports = Object.entries(addresses[url.hostname] ?? {});
  if (ports.length === 0) {
    return undefined;
  }
  const ways = ports.map(([port, served]) => {
    const to = readDestination(served);
    return `--connect-to ${url.hostname}:${port}:${to.hostname}:${to.port}`;
  });
  return ["curl", `--cacert ${shellWord(authority)}`, ...ways, url.href].join(" ");
}

export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}

function portOf(url: URL): string {
  return url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
}

function readDestination(served: number | string): Destination {
  const [hostname = "", port = ""] =
    typeof served === "number" ? ["127.0.0.1", String(served)] : served.split(":");
  return { hostname, port };
}
