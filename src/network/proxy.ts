import { CommandError, exitCodes } from "../errors/command-error.ts";

/** The proxy that a request goes through. */
export interface Proxy {
  readonly url: URL;
  /** The variable that names it. */
  readonly variable: string;
}

/**
 * The proxy for a URL, by the variables that aws and terraform read; undefined for a direct connection. An address of this machine is always
 * direct, as in Go (https://pkg.go.dev/golang.org/x/net/http/httpproxy). Throws CommandError (64) when the variable names no usable proxy.
 */
export function proxyFor(
  url: URL,
  env: Readonly<Record<string, string | undefined>>,
): Proxy | undefined {
  if (isLoopback(url.hostname) || isExempt(url, env["NO_PROXY"] || env["no_proxy"] || "")) {
    return undefined;
  }
  const name = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const variable = [name, name.toLowerCase()].find((one) => env[one]);
  return variable === undefined
    ? undefined
    : { url: parseProxy(env[variable] ?? "", variable), variable };
}

/** The proxy's address without the name and the password that the variable may hold. */
export function proxyText({ url, variable }: Proxy): string {
  return `${url.host} (${variable})`;
}

export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127(?:\.\d+){3}$/.test(hostname)
  );
}

/** A host without a scheme is an HTTP proxy, as for terraform. */
function parseProxy(value: string, variable: string): URL {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && ["http:", "https:"].includes(url.protocol) && url.hostname !== "") {
    return url;
  }
  throw new CommandError(`${variable} does not name an HTTP proxy.`, {
    exitCode: exitCodes.usage,
    next: `set ${variable} to an address such as http://proxy.example.com:3128, or unset it`,
  });
}

/** Whether a list such as `.example.com, 10.0.0.1, host:8080` or `*` has the URL's host or a domain above it. */
function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const actual = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const [, host = entry, only] = /^(.*[^:]):(\d+)$/.exec(entry) ?? [];
      const domain = host.replace(/^\*?\./, "");
      const isNamed = hostname === domain || hostname.endsWith(`.${domain}`);
      return isNamed && (only === undefined || only === actual);
    });
}
