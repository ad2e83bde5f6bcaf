import type { ListenerAddresses } from "./listener-addresses.ts";

/** The emulator's additions to AWS's API that the command line uses; docs/reference/sandbox.md lists them. */

/**
 * Creates the Route53 zone that a configuration names, unless it exists. On AWS the user already has it; a new sandbox has none.
 * `zone` is a name or an id, as in the configuration.
 */
export async function ensureHostedZone(
  endpoint: string,
  request: { readonly zone: string; readonly domain: string; readonly region: string },
): Promise<void> {
  await call(`${endpoint}/_sandbox/hosted-zone`, { method: "PUT", body: JSON.stringify(request) });
}

/** The current addresses of Route53's alias records. */
export async function readAddresses(endpoint: string): Promise<ListenerAddresses> {
  return (await call(`${endpoint}/_sandbox/addresses`, { method: "GET" })) as ListenerAddresses;
}

/** What the region's public DNS says of a name. */
export async function readPublicNames(
  endpoint: string,
  name: string,
): Promise<{ readonly name_servers: readonly string[]; readonly issuers: readonly string[] }> {
  const url = `${endpoint}/_sandbox/dns?name=${encodeURIComponent(name)}`;
  return (await call(url, { method: "GET" })) as Awaited<ReturnType<typeof readPublicNames>>;
}

async function call(url: string, request: RequestInit): Promise<unknown> {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(callMilliseconds) });
  if (!response.ok) {
    throw new Error(`${request.method ?? "GET"} ${url}: ${response.status}`);
  }
  return response.json();
}

const callMilliseconds = 10_000;
