import { readPublicNames } from "./route53.ts";
import { type EnvironmentVariables, readSandboxState, sandboxFolder } from "./state-file.ts";

/** The internet's DNS as the rehearsal region plays it: its Route53 zones, delegated unless a test says otherwise. */
export function createSandboxDns(env: EnvironmentVariables, name: string) {
  const folder = sandboxFolder(env, name);
  const ask = async (host: string) => {
    const state = await readSandboxState(folder);
    return state === undefined
      ? { name_servers: [], issuers: [], addresses: [] }
      : readPublicNames(state, host);
  };
  return {
    nameServers: async (host: string): Promise<readonly string[]> => (await ask(host)).name_servers,
    issuers: async (host: string): Promise<readonly string[]> => (await ask(host)).issuers,
    addresses: async (host: string): Promise<readonly string[]> => (await ask(host)).addresses,
  };
}
