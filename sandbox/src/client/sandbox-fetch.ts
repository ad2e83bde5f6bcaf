import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { buildConnector } from "undici";
import { readAddresses } from "./route53.ts";
import { curlLine, type Destination, destinationOf, isLoopback } from "./listener-addresses.ts";
import { standInIssuer } from "./stand-in-issuer.ts";
import { noAnswer, obstacleOf, refusal, unknownName, type Way } from "./reachability.ts";
import { type EnvironmentVariables, readSandboxState, sandboxFolder } from "./state-file.ts";
import { readWeather } from "./weather.ts";
import type { Weather } from "./weather-text.ts";

/**
 * `fetch` for a rehearsal. The host names of the sandbox's load balancers lead to their loopback ports, and its Elastic IP addresses and
 * the names that point at them to the containers of instances. SNI and Host stay unchanged, and the sandbox's authorities are trusted.
 * Every other name is refused, so that a rehearsal never reaches a real server.
 * `host`: a load balancer's own name, to which requests for other names go.
 */
export function createSandboxFetch(
  env: EnvironmentVariables,
  name: string,
  way: Way,
  host?: string,
): typeof fetch {
  const folder = sandboxFolder(env, name);
  const meetObstacle = createObstacles(folder);
  let inside: Promise<typeof fetch> | undefined;
  return async (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : input);
    if (!isLoopback(hostname)) {
      const description = await standInIssuer(folder, input);
      if (description !== undefined) return description;
      inside ??= connectInside(folder, host, (options) => meetObstacle(way, options.hostname));
      return (await inside)(input, init);
    }
    // A load balancer's own name always resolves.
    await meetObstacle("load-balancer", hostname, init?.signal);
    return fetch(input, init);
  };
}

/** The same way for a connection with TLS, whatever is spoken on it: where it leads, and whom it trusts. */
export function createSandboxWay(env: EnvironmentVariables, name: string, host?: string) {
  const folder = sandboxFolder(env, name);
  const meetObstacle = createObstacles(folder);
  return async (
    { hostname, port, protocol }: Pick<URL, "hostname" | "port" | "protocol">,
    signal: AbortSignal | undefined,
  ) => {
    await meetObstacle(host === undefined ? "name" : "load-balancer", hostname, signal);
    const to = await findDestination(folder, { hostname, port, protocol }, host);
    const ca = await readFile(authorityPath(folder), "utf8");
    return { host: to.hostname, port: Number(to.port), servername: hostname, ca };
  };
}

/** Throws what the weather lets this machine find instead of a load balancer. */
function createObstacles(folder: string) {
  let known: { readonly at: number; readonly weather: Promise<Weather> } | undefined;
  const read = async (): Promise<Weather> => {
    const state = await readSandboxState(folder);
    return state === undefined ? {} : readWeather(state).catch(() => ({}));
  };
  return async (way: Way, hostname: string, signal?: AbortSignal | null): Promise<void> => {
    // A probe sends many requests, and the weather changes rarely.
    if (known === undefined || Date.now() - known.at > weatherMilliseconds)
      known = { at: Date.now(), weather: read() };
    const obstacle = obstacleOf(await known.weather, way);
    if (obstacle === "name") throw unknownName(hostname);
    if (obstacle === null) return;
    await delay(connectMilliseconds, undefined, { signal: signal ?? undefined }).catch(() => {
      throw signal?.reason;
    });
    throw noAnswer(hostname);
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

async function connectInside(
  folder: string,
  host: string | undefined,
  meetObstacle: (options: buildConnector.Options) => Promise<void>,
): Promise<typeof fetch> {
  const undici = await import("undici");
  let trusted = { ca: "", connect: undici.buildConnector({}) };
  const connector = async () => {
    // Once the certificate authority for instances has started, its root is here too.
    const ca = await readFile(authorityPath(folder), "utf8");
    if (ca !== trusted.ca) trusted = { ca, connect: undici.buildConnector({ ca }) };
    return trusted.connect;
  };
  const lead = async (options: buildConnector.Options, callback: buildConnector.Callback) => {
    try {
      // Look the name up for each connection: its address may have appeared, moved or gone since the last one.
      await meetObstacle(options);
      const destination = await findDestination(folder, options, host);
      const connect = await connector();
      connect({ ...options, ...destination }, callback);
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

async function findDestination(
  folder: string,
  options: Pick<buildConnector.Options, "hostname" | "port" | "protocol">,
  host: string | undefined,
): Promise<Destination> {
  const state = await readSandboxState(folder);
  const addresses = state === undefined ? {} : await readAddresses(state);
  const url = new URL(`${options.protocol}//${options.hostname}:${options.port}`);
  const destination = destinationOf(addresses, url, host);
  if (destination === "refused") throw refusal(options.hostname, options.port);
  if (destination === undefined) {
    throw new Error(
      `no record in the sandbox's Route53 leads from ${url.host} to a load balancer or an instance`,
    );
  }
  return destination;
}

function authorityPath(folder: string): string {
  return join(folder, "certs", "ca.crt");
}

// As long as Node waits for a connection.
const connectMilliseconds = 10_000;
const weatherMilliseconds = 1000;
