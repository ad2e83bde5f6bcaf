import { hub } from "../../config/fields/image-reference.ts";
import { isLoopback } from "../../network/proxy.ts";
import { parseChallenge, type Challenge } from "./challenge.ts";
import type { Login } from "./docker-login.ts";

/** One repository of a registry, by the OCI distribution API (https://github.com/opencontainers/distribution-spec/blob/main/spec.md). */
export interface Repository {
  /** HOST or HOST:PORT, as users know it. */
  readonly host: string;
  readonly name: string;
  /**
   * A request below the repository, or to an address that the registry gave. Resolves with any status but 401 and 403, for which it throws
   * RegistryRefusal; fetch's own errors pass through.
   */
  readonly ask: (path: string | URL, init?: RegistryRequest) => Promise<Response>;
}

export interface RegistryRequest {
  readonly method?: "GET" | "HEAD" | "PATCH" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | ReadableStream<Uint8Array>;
}

/** A registry that does not let this user at an image. */
export class RegistryRefusal extends Error {
  readonly hadLogin: boolean;

  constructor(status: number, hadLogin: boolean) {
    super(`it answered ${status}`);
    this.name = "RegistryRefusal";
    this.hadLogin = hadLogin;
  }
}

export interface RepositoryPlace {
  readonly host: string;
  readonly repository: string;
  /** Where the API is; left out, where the host's is. */
  readonly url?: string;
  readonly login: Login | undefined;
  readonly writes: boolean;
}

/** Sends no login before the registry has asked for it. */
export function openRepository(
  { fetch, signal }: { readonly fetch: typeof globalThis.fetch; readonly signal: AbortSignal },
  place: RepositoryPlace,
): Repository {
  const { host, login, repository, url = addressOf(place.host) } = place;
  let authorization: string | undefined;
  const send = async (path: string | URL, { headers, ...init }: RegistryRequest) => {
    const address = new URL(path, `${url}/v2/${repository}/`);
    // An upload may go to a storage of another name, with its own signature in the address.
    const isOwn = address.host === new URL(url).host;
    return fetch(address, {
      ...init,
      headers: {
        ...headers,
        ...(authorization === undefined || !isOwn ? {} : { authorization }),
      },
      ...(typeof init.body === "object" ? streamed : {}),
      signal,
    });
  };
  const ask: Repository["ask"] = async (path, init = {}) => {
    let answer = await send(path, init);
    if (answer.status === 401 && typeof init.body !== "object") {
      const challenge = parseChallenge(answer.headers.get("www-authenticate"));
      await answer.body?.cancel();
      authorization = challenge && (await authorize({ fetch, signal }, place, challenge));
      if (authorization !== undefined) answer = await send(path, init);
    }
    if (answer.status === 401 || answer.status === 403) {
      await answer.body?.cancel();
      throw new RegistryRefusal(answer.status, login !== undefined);
    }
    return answer;
  };
  return { host, name: repository, ask };
}

/**
 * For a body that is a stream. With other values undici keeps a second copy of it, for a redirect or another login, and so the whole body in memory:
 * https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch, step 8.3.
 */
const streamed = { duplex: "half", redirect: "error", window: null } as const;

/** The header `authorization`; undefined when there is none to be had. */
async function authorize(
  { fetch, signal }: { readonly fetch: typeof globalThis.fetch; readonly signal: AbortSignal },
  { login, repository, writes }: RepositoryPlace,
  challenge: Challenge,
): Promise<string | undefined> {
  const basic = login !== undefined && "password" in login ? basicOf(login) : undefined;
  if (challenge.scheme === "basic") return basic;
  const scope = `repository:${repository}:${writes ? "pull,push" : "pull"}`;
  const { realm, service } = challenge;
  const asked = { scope, ...(service === undefined ? {} : { service }) };
  const isRefresh = login !== undefined && "identityToken" in login;
  const address = new URL(realm);
  if (!isRefresh)
    for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
  const answer = await fetch(address, {
    signal,
    ...(isRefresh
      ? {
          method: "POST",
          // https://distribution.github.io/distribution/spec/auth/oauth/
          body: new URLSearchParams({
            ...asked,
            grant_type: "refresh_token",
            client_id: "infer-deploy",
            refresh_token: login.identityToken,
          }),
        }
      : { headers: basic === undefined ? {} : { authorization: basic } }),
  });
  if (!answer.ok) {
    await answer.body?.cancel();
    return undefined;
  }
  const { access_token: access, token = access } = (await answer.json()) as {
    readonly token?: string;
    readonly access_token?: string;
  };
  return token === undefined ? undefined : `Bearer ${token}`;
}

function basicOf({ username, password }: Extract<Login, { password: string }>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** As for docker, a registry on this machine needs no TLS (https://docs.docker.com/reference/cli/dockerd/, "Insecure registries"). */
function addressOf(host: string): string {
  if (host === hub) return "https://registry-1.docker.io";
  const { hostname } = new URL(`http://${host}`);
  return `${isLoopback(hostname) ? "http" : "https"}://${host}`;
}
