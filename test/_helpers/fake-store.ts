import type { AgentState } from "../../src/state/reports/agent-state.ts";
import type { ObjectStore } from "../../src/state/object-store.ts";
import type { Caller } from "./fake-parts.ts";

/** A store whose requests are calls on a fake stack, and whose `agents/` are what its instances report. */
export function fakeStore(
  store: ObjectStore,
  call: Caller,
  report: (instance: string) => AgentState | undefined,
): ObjectStore {
  const get: ObjectStore["get"] = async (key) => {
    const id = /^agents\/(.*)\.json$/.exec(key)?.[1];
    if (id === undefined) return store.get(key);
    const value = report(id);
    // What a test has put there itself comes first.
    return (await store.get(key)) ?? (value === undefined ? undefined : { value, etag: "r" });
  };
  return {
    get: async (key) => call("store.get", async () => get(key), key),
    put: async (key, value, condition) =>
      call("store.put", async () => store.put(key, value, condition), key),
    remove: async (key, etag) => call("store.remove", async () => store.remove(key, etag), key),
    list: async (prefix) => call("store.list", async () => store.list(prefix), prefix),
    removeAll: async (prefix) =>
      call("store.removeAll", async () => store.removeAll(prefix), prefix),
  };
}
