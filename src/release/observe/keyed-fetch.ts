import { keyHeader } from "../../config/schema/auth.ts";

/**
 * Sends an API key with each request that has none yet. A key may end while a release runs, so after an answer of 401 the key is read
 * again, and the request repeated when it is another one. `readKey` never rejects; undefined sends the request without a key.
 */
export function withApiKey(
  fetcher: typeof fetch,
  readKey: () => Promise<string | undefined>,
): typeof fetch {
  let known: Promise<string | undefined> | undefined;
  return async (input, init) => {
    const headers = init?.headers as Readonly<Record<string, string>> | undefined;
    if (Object.keys(headers ?? {}).some((name) => name.toLowerCase() === keyHeader)) {
      return fetcher(input, init);
    }
    const send = async (key: string | undefined): Promise<Response> =>
      fetcher(
        input,
        key === undefined ? init : { ...init, headers: { ...headers, [keyHeader]: key } },
      );
    const key = await (known ??= readKey());
    const answer = await send(key);
    if (answer.status !== 401) return answer;
    known = readKey();
    const newer = await known;
    if (newer === undefined || newer === key) return answer;
    await answer.body?.cancel();
    return send(newer);
  };
}
