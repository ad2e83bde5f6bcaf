import { Resolver } from "node:dns/promises";

/** What the internet's DNS says of a name, past the caches of this machine and its network. */
export interface PublicDns {
  /** Name servers, without their last dot; empty when the name has none. Throws when no resolver answers. */
  readonly nameServers: (name: string) => Promise<readonly string[]>;
  /** The authorities that the CAA records of exactly this name allow to issue; empty without such a record. Throws as above. */
  readonly issuers: (name: string) => Promise<readonly string[]>;
  /** IPv4 addresses; empty when the name has none. Throws as above. */
  readonly addresses: (name: string) => Promise<readonly string[]>;
}

/** Asks the large public resolvers, because a company's own resolver may know the name otherwise than users do. */
export function createPublicDns(): PublicDns {
  const resolver = new Resolver({ timeout: answerMilliseconds, tries: 2 });
  resolver.setServers(["1.1.1.1", "8.8.8.8"]);
  return {
    nameServers: async (name) =>
      (await resolver.resolveNs(name).catch(nothing)).map((server) => server.toLowerCase()),
    issuers: async (name) =>
      (await resolver.resolveCaa(name).catch(nothing)).flatMap(({ issue }) =>
        issue === undefined ? [] : [issue],
      ),
    addresses: async (name) => resolver.resolve4(name).catch(nothing),
  };
}

/** No such name and no such record are answers; everything else is a resolver that did not give one. */
function nothing(error: NodeJS.ErrnoException): [] {
  if (error.code === "ENOTFOUND" || error.code === "ENODATA") return [];
  throw error;
}

const answerMilliseconds = 2000;
