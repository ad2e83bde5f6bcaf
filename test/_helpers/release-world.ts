import { EventEmitter } from "node:events";
import type { StopSignal } from "../../src/errors/interrupted-error.ts";
import { createInterrupts } from "../../src/process/interrupts.ts";
import type { AddressQuestion } from "../../src/release/observe/address.ts";
import type { ExecuteDeps } from "../../src/release/run/execute.ts";
import type { JournalDocument } from "../../src/state/journal.ts";
import { pointerTo } from "../../src/state/release-pointer.ts";
import { releaseKey, type ReleaseRecord } from "../../src/state/release-record.ts";
import { credentials } from "./credentials.ts";
import { fakeAddress } from "./fake-address.ts";
import { fakeClock } from "./fake-clock.ts";
import type { FakeStackOptions } from "./fake-instance.ts";
import { FakeStack } from "./fake-stack.ts";
import { listener } from "./listener.ts";
import { createMemoryBucket } from "./memory-store.ts";
import { release, stackRecord } from "./rollout-values.ts";

export interface WorldOptions extends Omit<FakeStackOptions, "now"> {
  /** What happens while time passes. */
  readonly during?: () => unknown;
  /** Left out, release 7 serves on blue with two instances. */
  readonly empty?: true;
}

export const address: AddressQuestion = {
  url: stackRecord().outputs.url,
  healthPath: "/healthz",
  version: { path: "/version", field: "version" },
};

/** A stack on which release 7 serves, and everything that a rollout works with; nothing of it waits. */
export function releaseWorld({ during, empty, ...options }: WorldOptions = {}) {
  const clock = fakeClock("2026-01-01T01:00:00.000Z", during);
  const stack = new FakeStack({ ...options, now: () => clock.now().getTime() });
  const bucket = createMemoryBucket();
  const signals = new EventEmitter();
  const interrupts = createInterrupts(signals, { say: () => undefined });
  const reporter = listener(true);
  let tokens = 0;
  const deps: ExecuteDeps & { readonly reporter: typeof reporter } = {
    ...stack.connect(bucket.connect()),
    prefix: "app/production",
    clock,
    reporter,
    fetch: fakeAddress(stack),
    newToken: () => {
      tokens += 1;
      return `token-${tokens}`;
    },
    signal: interrupts.aborted,
    credentials: credentials(),
    inTime: async (_signal, work) => work(),
  };
  const read = (key: string): unknown => {
    const text = bucket.read(key);
    return text === undefined ? undefined : JSON.parse(text);
  };
  const write = (record: ReleaseRecord): void => {
    bucket.write(releaseKey(record.release), JSON.stringify(record));
  };
  if (empty !== true) {
    write(served());
    stack.pointers.blue = pointerTo(served(), deps.prefix, "at-once");
    stack.runs("blue", 7, 2);
  }
  return {
    stack,
    bucket,
    clock,
    reporter,
    interrupts,
    deps,
    write,
    record: (number: number) => read(releaseKey(number)) as ReleaseRecord | undefined,
    journal: () => read("journal.json") as JournalDocument | undefined,
    /** Ctrl-C, `kill` or a closed terminal. */
    press: (signal: StopSignal = "SIGINT") => void signals.emit(signal, signal),
  };
}

export type ReleaseWorld = ReturnType<typeof releaseWorld>;

/** Release 7, which serves on blue. */
export function served(changes: Partial<ReleaseRecord> = {}): ReleaseRecord {
  const finished = "2026-01-01T00:10:00.000Z";
  return release({ outcome: "succeeded", finished, ...changes });
}

/** Release 8 on green over release 7, at its beginning. */
export function next(changes: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return release({
    release: 8,
    deployment: 8,
    version: "v8",
    digest: "sha256:88",
    image: "registry/app@sha256:88",
    colour: "green",
    created: "2026-01-01T01:00:00.000Z",
    replaces: { release: 7, version: "v7" },
    strategy: "blue-green",
    ...changes,
  });
}
