import type { ListenerAddresses } from "./listener-addresses.ts";
import { sandboxHeaders } from "./sandbox-key.ts";
import type { SandboxState } from "./sandbox-state.ts";

type Region = Pick<SandboxState, "endpoint" | "key">;

/** The emulator's additions to AWS's API that the command line uses; docs/reference/sandbox.md lists them. */

/**
 * Creates the Route53 zone that a configuration names, unless it exists. On AWS the user already has it; a new sandbox has none.
 * `zone` is a name or an id, as in the configuration.
 */
export async function ensureHostedZone(
  region: Region,
  request: { readonly zone: string; readonly domain: string; readonly region: string },
): Promise<void> {
  await call(region, "hosted-zone", { method: "PUT", body: JSON.stringify(request) });
}

/** Where Route53's records and the Elastic IP addresses lead now. */
export async function readAddresses(region: Region): Promise<ListenerAddresses> {
  return (await call(region, "addresses", { method: "GET" })) as ListenerAddresses;
}

/** What the region's public DNS says of a name. */
export async function readPublicNames(region: Region, name: string): Promise<PublicNames> {
  const path = `dns?name=${encodeURIComponent(name)}`;
  return (await call(region, path, { method: "GET" })) as PublicNames;
}

interface PublicNames {
  readonly name_servers: readonly string[];
  readonly issuers: readonly string[];
  /** Values of the name's A record. */
  readonly addresses: readonly string[];
}

async function call(region: Region, path: string, request: RequestInit): Promise<unknown> {
  const url = `${region.endpoint}/_sandbox/${path}`;
  const response = await fetch(url, {
    ...request,
    headers: sandboxHeaders(region),
    signal: AbortSignal.timeout(callMilliseconds),
  });
  if (!response.ok) {
    throw new Error(`${request.method ?? "GET"} ${url}: ${response.status}`);
  }
  return response.json();
}

const callMilliseconds = 10_000;
