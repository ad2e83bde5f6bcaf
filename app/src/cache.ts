/** Values by key. Drops the least recently used ones when they have too many bytes. */
export interface Cache<Value> {
  readonly bytes: number;
  readonly size: number;
  get(key: string): Value | undefined;
  /** A value that needs more than half of the cache is not kept: it would displace too many others. */
  set(key: string, value: Value, bytes: number): void;
}

/** `maxBytes` of 0 keeps nothing. Each entry also costs `entryBytes` for its key and its place. */
export function createCache<Value>(maxBytes: number): Cache<Value> {
  // A Map keeps its keys in insertion order, so the first is the least recently used.
  const entries = new Map<string, { readonly value: Value; readonly bytes: number }>();
  let total = 0;
  return {
    get bytes() {
      return total;
    },
    get size() {
      return entries.size;
    },
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, size) {
      const bytes = size + entryBytes;
      if (bytes > maxBytes / 2) return;
      total += bytes - (entries.get(key)?.bytes ?? 0);
      entries.delete(key);
      entries.set(key, { value, bytes });
      for (const [oldest, entry] of entries) {
        if (total <= maxBytes) break;
        entries.delete(oldest);
        total -= entry.bytes;
      }
    },
  };
}

export const entryBytes = 200;
