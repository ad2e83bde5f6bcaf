import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { buildConnector } from "undici";
import { readAddresses } from "./route53.ts";
import { curlLine, isLoopback, loopbackPort } from "./listener-addresses.ts";
import { type EnvironmentVariables, readSandboxState, sandboxFolder } from "./state-file.ts";

/**
 * `fetch` for a rehearsal. The host names of the sandbox's load balancers lead to their loopback ports; SNI and Host stay unchanged,
 * and the sandbox's authority is trusted. Every other name is refused, so that a rehearsal never reaches a real server.
 */
export function createSandboxFetch(env: EnvironmentVariables, name: string): typeof fetch {
  const folder = sandboxFolder(env, name);
  let inside: Promise<typeof fetch> | undefined;
  return async (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : input);
    return isLoopback(hostname)
      ? fetch(input, init)
      : (await (inside ??= connectInside(folder)))(input, init);
  };
}

/** The shell command that requests a stack's address; undefined when plain curl reaches it as is. */
export async function curlCommand(
  env: EnvironmentVariables,
  name: string,
  url: string,
): Promise<string | undefined> {
  const address = new URL(url);
  const folder = sandboxFolder(env, name);
  const state = await readSandboxState(folder);
  return state === undefined || isLoopback(address.hostname)
    ? undefined
    : curlLine(await readAddresses(state), authorityPath(folder), address);
}

async function connectInside(folder: string): Promise<typeof fetch> {
  const undici = await import("undici");
  const connect = undici.buildConnector({ ca: await readFile(authorityPath(folder), "utf8") });
  const lead = async (options: buildConnector.Options, callback: buildConnector.Callback) => {
    try {
      // Look the name up for each connection: its address may have appeared, moved or gone since the last one.
      const port = String(await findPort(folder, options));
      connect({ ...options, hostname: "127.0.0.1", port }, callback);
    } catch (error) {
      callback(error as Error, null);
    }
  };
  const dispatcher = new undici.Agent({
    connect: (options, callback) => {
      void lead(options, callback);
    },
  });
  // undici's fetch, because Node's accepts only dispatchers of the undici that it was built with. The interface is the same.
  return (async (input: string | URL, init?: object) =>
    undici.fetch(input, { ...init, dispatcher })) as unknown as typeof fetch;
}

async function findPort(folder: string, options: buildConnector.Options): Promise<number> {
  const state = await readSandboxState(folder);
  const addresses = state === undefined ? {} : await readAddresses(state);
  const url = new URL(`${options.protocol}//${options.hostname}:${options.port}`);
  const port = loopbackPort(addresses, url);
  if (port === undefined) {
    throw new Error(`no record in the sandbox's Route53 leads from ${url.host} to a load balancer`);
  }
  return port;
}

function authorityPath(folder: string): string {
  return join(folder, "certs", "ca.crt");
}
