import type { LaunchFailure } from "../../src/aws/fleet.ts";
import type { Parts } from "../../src/release/parts.ts";
import { colours, type Colour } from "../../src/stack/colour.ts";
import type { AgentState } from "../../src/state/agent-state.ts";
import type { ObjectStore } from "../../src/state/object-store.ts";
import type { ReleasePointer } from "../../src/state/release-pointer.ts";
import { fakeParts, type Call } from "./fake-parts.ts";

interface FakeInstance {
  readonly id: string;
  readonly colour: Colour;
  lifecycle: string;
  /** What it runs, and since when in milliseconds. */
  release: number | null;
  since: number;
}

export interface FakeStackOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds from a start to a healthy container. */
  readonly startMilliseconds?: number;
  /** Called before each call has its effect, and again before its answer: what it throws is what the caller gets. */
  readonly weather?: (call: Call, when: "before" | "after") => void | Promise<void>;
}

/**
 * A stack that lives in memory: two groups whose instances take what their colour's pointer names, a listener with weights and a probe
 * rule, alarms that a test switches. It keeps to what AWS does as far as a release can tell: an instance that starts is `initial` and becomes
 * healthy later; one in Standby gets no requests and takes the pointer there; capacity brings and ends instances; a call may fail before
 * its effect or after it. Its state is in plain view.
 */
export class FakeStack {
  weights: Record<Colour, number> | undefined = { blue: 100, green: 0 };
  readonly groups: Record<Colour, { min: number; desired: number; max: number }> = {
    blue: { min: 2, desired: 2, max: 4 },
    green: { min: 0, desired: 0, max: 4 },
  };
  instances: FakeInstance[] = [];
  readonly pointers: Record<Colour, ReleasePointer | null> = { blue: null, green: null };
  readonly retiring: Partial<Record<Colour, Date>> = {};
  probe: { readonly colour: Colour; readonly token: string } | null = null;
  /** Names of the alarms that are on. */
  readonly alarmsOn = new Set<string>();
  launchFailure: LaunchFailure | null = null;
  /** Releases whose containers never become healthy, and how their agents say so. */
  readonly bad = new Map<number, Pick<AgentState, "state" | "detail" | "log_tail" | "restarts">>();
  /** Every call that was made, in order. */
  readonly calls: Call[] = [];
  readonly #options: FakeStackOptions;
  #made = 0;

  constructor(options: FakeStackOptions) {
    this.#options = options;
  }

  /** Instances of a colour that have run a release for long. */
  runs(colour: Colour, release: number, count: number): this {
    for (let index = 0; index < count; index += 1) {
      this.instances.push({ ...this.#start(colour), release, since: Number.NEGATIVE_INFINITY });
    }
    return this;
  }

  /** What users of the address get: the release of the colour that has traffic, by its share. Null when no healthy instance is there. */
  answering(share: number): number | null {
    const colour =
      this.weights !== undefined && share * 100 < this.weights.green ? "green" : "blue";
    return this.#healthyRelease(colour);
  }

  /** The release that a request with the probe's header reaches; without a rule, the one that every request reaches. */
  probed(token: string, share: number): number | null {
    return this.probe?.token === token
      ? this.#healthyRelease(this.probe.colour)
      : this.answering(share);
  }

  /** The store with the instances' reports in it. */
  withReports(store: ObjectStore): ObjectStore {
    return {
      ...store,
      get: async (key) => {
        const id = /^agents\/(.*)\.json$/.exec(key)?.[1];
        const found = this.instances.find((one) => one.id === id);
        if (id === undefined) return store.get(key);
        return found === undefined ? undefined : { value: this.#report(found), etag: "r" };
      },
    };
  }

  /** The two groups, the listener, the alarms and the pointers, as a release is given them. */
  get parts(): Parts {
    return fakeParts(this, this.#options);
  }

  /** What AWS and the agents do by themselves. */
  settle(): void {
    const now = this.#options.now();
    for (const colour of colours) {
      const group = this.groups[colour];
      const due = this.retiring[colour];
      if (due !== undefined && due.getTime() <= now) {
        Object.assign(group, { min: 0, desired: 0 });
        delete this.retiring[colour];
      }
      const own = this.of(colour).filter(({ lifecycle }) => lifecycle === "InService");
      for (const one of own.slice(group.desired)) {
        this.instances = this.instances.filter(({ id }) => id !== one.id);
      }
      for (let count = own.length; count < group.desired; count += 1) {
        this.instances.push(this.#start(colour));
      }
    }
    for (const one of this.instances) {
      const pointer = this.pointers[one.colour];
      const mayTake =
        pointer !== null &&
        (one.release === null || pointer.update !== "in-standby" || one.lifecycle === "Standby");
      if (mayTake && pointer.release !== one.release) {
        one.release = pointer.release;
        one.since = now;
      }
    }
  }

  #start(colour: Colour): FakeInstance {
    this.#made += 1;
    const id = `i-${this.#made}`;
    const since = this.#options.now();
    return { id, colour, lifecycle: "InService", release: null, since };
  }

  move(ids: readonly string[], from: string, to: string): void {
    for (const one of this.instances) {
      if (!ids.includes(one.id) || one.lifecycle !== from) continue;
      one.lifecycle = to;
      this.groups[one.colour].desired += to === "Standby" ? -1 : 1;
    }
  }

  of(colour: Colour): readonly FakeInstance[] {
    return this.instances.filter((one) => one.colour === colour);
  }

  isHealthy(one: FakeInstance): boolean {
    const { startMilliseconds = 5000 } = this.#options;
    return (
      one.release !== null &&
      !this.bad.has(one.release) &&
      this.#options.now() - one.since >= startMilliseconds
    );
  }

  #healthyRelease(colour: Colour): number | null {
    const serving = this.of(colour).find(
      (one) => one.lifecycle === "InService" && this.isHealthy(one),
    );
    return serving?.release ?? null;
  }

  #report(one: FakeInstance): AgentState {
    const bad = one.release === null ? undefined : this.bad.get(one.release);
    const state = this.isHealthy(one) ? "healthy" : one.release === null ? "booting" : "starting";
    return {
      schema_version: 1,
      instance: one.id,
      zone: "eu-west-1a",
      colour: one.colour,
      release: one.release,
      version: one.release === null ? null : `v${one.release}`,
      digest: null,
      exit_code: null,
      at: new Date(this.#options.now()).toISOString(),
      state,
      detail: "",
      log_tail: [],
      restarts: 0,
      ...bad,
    };
  }
}
