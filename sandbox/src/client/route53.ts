import type { ListenerAddresses } from "./listener-addresses.ts";

/** What the emulator does beside AWS's API for the command line; docs/reference/sandbox.md lists it. */

/**
 * Makes the Route53 zone that a configuration names, unless it is there: on AWS the user has it already, and a region that begins empty has none.
 * `zone` is a name or an id, as in the configuration.
 */
export async function ensureHostedZone(
  endpoint: string,
  request: { readonly zone: string; readonly domain: string; readonly region: string },
): Promise<void> {
  await call(`${endpoint}/_sandbox/hosted-zone`, { method: "PUT", body: JSON.stringify(request) });
}

/** Where the names of Route53's alias records lead, as they are now. */
export async function readAddresses(endpoint: string): Promise<ListenerAddresses> {
  return (await call(`${endpoint}/_sandbox/addresses`, { method: "GET" })) as ListenerAddresses;
}

async function call(url: string, request: RequestInit): Promise<unknown> {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(callMilliseconds) });
  if (!response.ok) {
    throw new Error(`${request.method ?? "GET"} ${url}: ${response.status}`);
  }
  return response.json();
}

const callMilliseconds = 10_000;
