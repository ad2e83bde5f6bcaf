import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Agent, buildConnector, fetch as undiciFetch } from "undici";
import { destinationOf } from "../../sandbox/src/client/listener-addresses.ts";
import { readAddresses } from "../../sandbox/src/client/route53.ts";
import {
  readSandboxState,
  sandboxFolder,
  type EnvironmentVariables,
} from "../../sandbox/src/client/state-file.ts";

/**
 * `fetch` of a client that looks a name up as resolvers do: it keeps an answer for the record's TTL of 60 seconds, and its open connections
 * for as long as the server lets it. Each answer of the sandbox's authorities is verified.
 */
export async function ttlFetch(env: EnvironmentVariables, sandbox: string): Promise<typeof fetch> {
  const folder = sandboxFolder(env, sandbox);
  const authority = join(folder, "certs", "ca.crt");
  let known: { readonly until: number; readonly addresses: ReturnType<typeof look> } | undefined;
  const look = async () => {
    const state = await readSandboxState(folder);
    if (state === undefined) throw new Error("there is no sandbox");
    return readAddresses(state);
  };
  const lead = async (options: buildConnector.Options, callback: buildConnector.Callback) => {
    try {
      if (known === undefined || known.until < Date.now()) {
        known = { until: Date.now() + ttlMilliseconds, addresses: look() };
      }
      const url = new URL(`${options.protocol}//${options.hostname}:${options.port}`);
      const destination = destinationOf(await known.addresses, url);
      if (destination === undefined || destination === "refused") {
        throw new Error(`${url.host} leads nowhere`);
      }
      const connect = buildConnector({ ca: await readFile(authority, "utf8") });
      connect({ ...options, ...destination }, callback);
    } catch (error) {
      callback(error as Error, null);
    }
  };
  const dispatcher = new Agent({
    connect: (options, callback) => {
      void lead(options, callback);
    },
  });
  return (async (input: string | URL, init?: object) =>
    undiciFetch(input, { ...init, dispatcher })) as unknown as typeof fetch;
}

const ttlMilliseconds = 60_000;
