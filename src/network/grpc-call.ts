/** The end of a call. */
export interface GrpcAnswer {
  /** Of https://grpc.io/docs/guides/status-codes; null when the answer was not gRPC's. */
  readonly code: number | null;
  /** What came, for a person, after "call of /package.Service/Method". */
  readonly detail: string;
}

/**
 * Calls a method of a gRPC server with one message, and waits for its end. `fetcher` must speak HTTP/2, and give an answer's trailers with its headers.
 * `message` is the bytes of an encoded message as text; none is an empty message. Rejects as `fetch` does.
 */
export async function callGrpc(
  fetcher: typeof fetch,
  url: URL,
  {
    message = "",
    headers = {},
    signal,
  }: {
    readonly message?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
  },
): Promise<GrpcAnswer> {
  const response = await fetcher(url, {
    method: "POST",
    headers: {
      "user-agent": "infer-deploy",
      ...headers,
      "content-type": "application/grpc",
      te: "trailers",
    },
    body: frameOf(message),
    redirect: "manual",
    signal,
  });
  await response.arrayBuffer();
  const status = response.headers.get("grpc-status");
  if (response.status !== 200 || status === null || !/^\d+$/.test(status)) {
    const without = response.status === 200 ? " without a gRPC status" : "";
    return { code: null, detail: `answered ${response.status}${without}` };
  }
  const words = decode(response.headers.get("grpc-message") ?? "").slice(0, wordsShown);
  const code = Number(status);
  return { code, detail: `answered with code ${code}${words === "" ? "" : `: ${words}`}` };
}

/** Not compressed, and its length in four bytes (gRPC over HTTP/2, Length-Prefixed-Message). */
function frameOf(message: string): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(message, "utf8");
  const frame = new Uint8Array(5 + bytes.length);
  new DataView(frame.buffer).setUint32(1, bytes.length);
  frame.set(bytes, 5);
  return frame;
}

/** Percent-encoded, by servers that keep to it. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const wordsShown = 200;
