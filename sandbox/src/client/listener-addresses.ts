import { shellWord } from "../../../src/errors/printed-commands.ts";

/** Host name -> listener port -> the loopback port that serves it. The sandbox has no DNS. */
export type ListenerAddresses = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The loopback port at which a host serves a URL, by default the URL's own; undefined when no load balancer of the sandbox has its name. */
export function loopbackPort(
  addresses: ListenerAddresses,
  url: URL,
  host = url.hostname,
): number | undefined {
  return addresses[host]?.[portOf(url)];
}

/** A shell command that requests `url` and follows its redirects; undefined when no load balancer of the sandbox has its host name. */
export function curlLine(
  addresses: ListenerAddresses,
  authority: string,
  url: URL,
): string | undefined {
  const ports = addresses[url.hostname];
  if (ports === undefined) {
    return undefined;
  }
  const ways = Object.entries(ports).map(
    ([port, loopback]) => `--connect-to ${url.hostname}:${port}:127.0.0.1:${loopback}`,
  );
  return ["curl", `--cacert ${shellWord(authority)}`, ...ways, url.href].join(" ");
}

export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}

function portOf(url: URL): string {
  return url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
}
