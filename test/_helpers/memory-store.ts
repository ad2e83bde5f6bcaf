import { UnreadableObjectError, type ObjectStore } from "../../src/state/object-store.ts";

export interface StoreClient {
  /** Awaited before a request has its effect and again before its answer comes, so that a test can put those of several clients in any order. */
  readonly turn?: () => Promise<unknown>;
  /** True loses an answer: the client sends the request again, as the SDK does, and gets the second answer. */
  readonly repeats?: () => boolean;
}

export interface MemoryBucket {
  readonly connect: (client?: StoreClient) => ObjectStore;
  /** Writes text as it is, which a client cannot. */
  readonly write: (key: string, text: string) => void;
  readonly read: (key: string) => string | undefined;
}

/**
 * What S3 does with one prefix of a bucket: each request has its effect at one moment; a conditional one is refused when its
 * condition does not hold at that moment; every write has a new ETag (S3's depends on the content alone; ours all differ).
 */
export function createMemoryBucket(): MemoryBucket {
  const objects = new Map<string, { readonly text: string; readonly etag: string }>();
  let writes = 0;
  const write = (key: string, text: string): string => {
    writes += 1;
    const etag = `"${writes}"`;
    objects.set(key, { text, etag });
    return etag;
  };

  const connect = ({ turn, repeats }: StoreClient = {}): ObjectStore => {
    const request = async <T>(effect: () => T): Promise<T> => {
      await turn?.();
      let answer = effect();
      if (repeats?.() === true) {
        await turn?.();
        answer = effect();
      }
      await turn?.();
      return answer;
    };
    return {
      get: async (key) =>
        request(() => {
          const object = objects.get(key);
          return object === undefined
            ? undefined
            : { value: parse(key, object.text, object.etag), etag: object.etag };
        }),
      put: async (key, value, condition) =>
        request(() => {
          const now = objects.get(key);
          const refused =
            condition === "absent"
              ? now !== undefined
              : condition !== undefined && now?.etag !== condition.etag;
          return refused ? false : write(key, JSON.stringify(value));
        }),
      remove: async (key, etag) =>
        request(() => objects.get(key)?.etag === etag && objects.delete(key)),
      list: async (prefix) =>
        request(() => [...objects.keys()].filter((key) => key.startsWith(prefix))),
      removeAll: async (prefix) =>
        request(() => {
          const keys = [...objects.keys()].filter((key) => key.startsWith(prefix));
          for (const key of keys) {
            objects.delete(key);
          }
          return keys.length;
        }),
    };
  };

  return { connect, write, read: (key) => objects.get(key)?.text };
}

function parse(key: string, text: string, etag: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableObjectError(key, etag, error);
  }
}
