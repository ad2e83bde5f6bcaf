import { CommandError, exitCodes } from "../errors/command-error.ts";

/** How the hub or a file's server is asked. */
export interface HttpDeps {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** The value of the secret that model.token names; undefined without one. Throws CommandError. */
  readonly token: () => Promise<string | undefined>;
}

/**
 * Asks without the token first, because it is a secret that a release need not read. Follows redirects; the token stays with the host.
 * Throws CommandError (1) when the server does not answer.
 */
export async function ask(
  deps: HttpDeps,
  url: string,
  where: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const send = async (more: Readonly<Record<string, string>>): Promise<Response> => {
    const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(patience)]);
    try {
      return await deps.fetch(url, { headers: { ...headers, ...more }, signal });
    } catch (error) {
      deps.signal.throwIfAborted();
      const { cause } = error as { readonly cause?: unknown };
      throw new CommandError(`${new URL(url).host} does not answer.`, {
        where,
        why: cause instanceof Error ? cause.message : String(error),
        next: "check the address and the network; behind a proxy set HTTPS_PROXY",
        cause: error,
      });
    }
  };
  const answer = await send({});
  if (![401, 403, 404].includes(answer.status)) return answer;
  const token = await deps.token();
  if (token === undefined) return answer;
  await answer.body?.cancel();
  return send({ authorization: `Bearer ${token.trim()}` });
}

/** Throws CommandError (64 for what the configuration can correct, 1 for a server in trouble). */
export function refused(
  answer: Response,
  source: string,
  where: string,
  hasToken: boolean,
): CommandError {
  const { status } = answer;
  const why =
    `${new URL(answer.url === "" ? "http://unknown" : answer.url).host} answers ${status} ${answer.statusText}`.trim();
  if (status === 401 || status === 403) {
    return new CommandError(`${source} may not be read${hasToken ? " with the token" : ""}.`, {
      exitCode: exitCodes.usage,
      where,
      why,
      next: hasToken
        ? "look at the value of the secret that model.token names, and whether its owner has accepted the model's licence"
        : "correct model.source; or set model.token to the name of a secret with a token, for a model that is private or gated",
    });
  }
  if (status === 404 || status === 410) {
    return new CommandError(`There is no ${source}.`, {
      exitCode: exitCodes.usage,
      where,
      why,
      next: "correct model.source; a model that is private also needs model.token",
    });
  }
  return new CommandError(`${source} cannot be read now.`, {
    where,
    why,
    next: "run this command again later",
  });
}

const patience = 30_000;
