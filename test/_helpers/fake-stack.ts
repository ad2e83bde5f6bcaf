import type { Launch } from "../../src/aws/describe-launches.ts";
import type { Parts } from "../../src/release/parts.ts";
import { colours, type Colour } from "../../src/stack/colour.ts";
import type { AgentState } from "../../src/state/reports/agent-state.ts";
import type { ObjectStore } from "../../src/state/object-store.ts";
import type { ReleasePointer } from "../../src/state/release-pointer.ts";
import { caller, fakeParts } from "./fake-parts.ts";
import type { FakeInstance, FakeStackOptions } from "./fake-instance.ts";
import { FakeCommands } from "./fake-commands.ts";
import { fakeStore } from "./fake-store.ts";
import { fakeZones } from "./fake-zones.ts";

/**
 * A stack that lives in memory: two groups whose instances take what their colour's pointer names, a listener with weights and a probe
 * rule, alarms that a test switches. Its state is in plain view. As far as a release can see, it does what AWS and the agents do:
 *
 * - A group starts and ends instances by its desired capacity, and replaces one that dies. An instance that starts is `initial`; its target
 *   is healthy once its container is, and the checks have passed.
 * - A launch is refused in the zones of `refusals`. The group then tries again in the next zone after ten seconds, and keeps a list.
 * - Capacity outside of minimum and maximum is refused, and so is Standby where the minimum forbids it or the instance is not in service.
 * - In Standby an instance gets no requests, is not replaced, and takes the pointer. Elsewhere one that runs a release waits with a pointer
 *   for Standby only; one that runs nothing takes every pointer.
 * - While the pointer has a `before`, an instance that takes it waits. The one that it names runs the command, once for each attempt, until the
 *   command is over, the instance is gone, or the pointer names another release.
 * - A colour that retires goes to no instances at that time, by itself.
 * - A call may fail before its effect or after it (`weather`), and each is noted in `calls`.
 *
 * What it leaves out: Pending, Terminating and draining take no time, a change of weights or rules is known everywhere at once, and nothing
 * but `retireIn` and the release changes capacity.
 */
export class FakeStack {
  weights: Record<Colour, number> | undefined = { blue: 100, green: 0 };
  readonly groups: Record<Colour, { min: number; desired: number; max: number }> = {
    blue: { min: 2, desired: 2, max: 4 },
    green: { min: 0, desired: 0, max: 4 },
  };
  /** The colours whose policies may change their size. */
  readonly scaling: Record<Colour, boolean> = { blue: true, green: false };
  /** Whether a group may move instances between its zones. */
  readonly balancing: Record<Colour, boolean> = { blue: true, green: true };
  instances: FakeInstance[] = [];
  readonly pointers: Record<Colour, ReleasePointer | null> = { blue: null, green: null };
  readonly retiring: Partial<Record<Colour, Date>> = {};
  pause: Parameters<Parts["barrier"]["close"]>[0] | null = null;
  probe: { readonly colour: Colour; readonly token: string } | null = null;
  /** Names of the alarms that are on, and of those that CloudWatch does not know. */
  readonly alarmsOn = new Set<string>();
  readonly alarmsMissing = new Set<string>();
  /** Zones in which launches are refused, with AWS's words. */
  readonly refusals = new Map<string, string>();
  /** Each group's launches, oldest first. */
  readonly launches: Record<Colour, Launch[]> = { blue: [], green: [] };
  readonly #retryAt: Record<Colour, number> = { blue: 0, green: 0 };
  /** Releases whose containers never become healthy, and how their agents say so. */
  readonly bad = new Map<number, Pick<AgentState, "state" | "detail" | "log_tail" | "restarts">>();
  /** Releases that are healthy, and answer every request but the version with an error. */
  readonly broken = new Set<number>();
  /** The commands of `release.before`. */
  readonly commands: FakeCommands;
  /** Every call that was made, in order. */
  readonly calls: string[] = [];
  readonly #options: FakeStackOptions;
  #made = 0;

  constructor(options: FakeStackOptions) {
    this.#options = options;
    this.commands = new FakeCommands(options.commandMilliseconds ?? 3000);
  }

  /** Instances of a colour that have run a release for long. */
  runs(colour: Colour, release: number, count: number): this {
    for (let index = 0; index < count; index += 1) {
      const long = Number.NEGATIVE_INFINITY;
      this.instances.push({ ...this.#start(colour), release, since: long, joined: long });
    }
    return this;
  }

  /** What users of the address get: the release of the colour that has traffic, by its share. Null when no healthy instance is there. */
  answering(share: number): number | null {
    const colour =
      this.weights !== undefined && share * 100 < this.weights.green ? "green" : "blue";
    return this.#healthyRelease(colour, share);
  }

  /** The release that a request with the probe's header reaches; without a rule, the one that every request reaches. */
  probed(token: string, share: number): number | null {
    return this.probe?.token === token
      ? this.#healthyRelease(this.probe.colour, share)
      : this.answering(share);
  }

  /** The two groups, the listener, the alarms and the pointers, as a release is given them. */
  get parts(): Parts {
    return fakeParts(this, caller(this, this.#options));
  }

  /** The same and the bucket, with the instances' reports next to what else is in it, for a process with its own weather. */
  connect(bucket: ObjectStore, weather = this.#options.weather): Parts & { store: ObjectStore } {
    const call = caller(this, weather === undefined ? {} : { weather });
    const store = fakeStore(bucket, call, (id) => {
      const found = this.instances.find((one) => one.id === id);
      return found === undefined ? undefined : this.#report(found);
    });
    return { ...fakeParts(this, call), store };
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
        this.crash(one.id);
      }
      for (
        let count = own.length;
        count < group.desired && now >= this.#retryAt[colour];
        count += 1
      )
        this.#launch(colour, now);
    }
    for (const one of this.instances) {
      const pointer = this.pointers[one.colour];
      const holds = one.lifecycle === "Standby" ? ["never"] : ["never", "in-standby"];
      const mayTake =
        pointer !== null && (one.release === null || !holds.includes(pointer.update ?? "at-once"));
      if (mayTake && pointer.release !== one.release) {
        const held = pointer.before !== undefined;
        Object.assign(one, { release: pointer.release, since: now, restarts: 0, held });
      } else if (one.held && pointer?.release === one.release && pointer.before === undefined) {
        Object.assign(one, { since: now, held: false });
      }
    }
    this.commands.settle(now, this.instances, this.pointers);
  }

  #launch(colour: Colour, now: number): void {
    const log = this.launches[colour];
    const zone = fakeZones[log.length % fakeZones.length] ?? "";
    const reason = this.refusals.get(zone);
    const id = `launch-${colour}-${log.length + 1}`;
    log.push({ id, zone, state: reason === undefined ? "done" : "failed", reason: reason ?? "" });
    if (reason === undefined) this.instances.push(this.#start(colour));
    else this.#retryAt[colour] = now + retryMilliseconds;
  }

  #start(colour: Colour): FakeInstance {
    this.#made += 1;
    const id = `i-${this.#made}`;
    const now = this.#options.now();
    const started = { release: null, since: now, joined: now, restarts: 0, held: false };
    return { id, colour, lifecycle: "InService", ...started };
  }

  /** The machine is gone; its group starts another. */
  crash(id: string): void {
    this.instances = this.instances.filter((one) => one.id !== id);
  }

  retire(colour: Colour, seconds: number): void {
    this.retiring[colour] = new Date(this.#options.now() + seconds * 1000);
  }

  /** The container ends and is started again. */
  restart(id: string): void {
    for (const one of this.instances.filter((each) => each.id === id)) {
      Object.assign(one, { since: this.#options.now(), restarts: one.restarts + 1 });
    }
  }

  /** Takes instances out of traffic, or brings them back. */
  move(ids: readonly string[], to: FakeInstance["lifecycle"]): void {
    for (const one of this.instances.filter(({ id }) => ids.includes(id))) {
      Object.assign(one, { lifecycle: to, joined: this.#options.now() });
      this.groups[one.colour].desired += to === "Standby" ? -1 : 1;
    }
  }

  of(colour: Colour): readonly FakeInstance[] {
    return this.instances.filter((one) => one.colour === colour);
  }

  /** Its container is. */
  isReady(one: FakeInstance): boolean {
    const { startMilliseconds = 5000 } = this.#options;
    return (
      one.release !== null &&
      !one.held &&
      !this.bad.has(one.release) &&
      this.#options.now() - one.since >= startMilliseconds
    );
  }

  /** The load balancer sends it requests and finds it healthy. */
  isServing(one: FakeInstance): boolean {
    const { startMilliseconds = 5000, checkMilliseconds = 0 } = this.#options;
    const readySince = Math.max(one.since + startMilliseconds, one.joined);
    return (
      one.lifecycle === "InService" &&
      this.isReady(one) &&
      this.#options.now() - readySince >= checkMilliseconds
    );
  }

  #healthyRelease(colour: Colour, share: number): number | null {
    const serving = this.of(colour).filter((one) => this.isServing(one));
    return serving[Math.floor(share * serving.length)]?.release ?? null;
  }

  #report(one: FakeInstance): AgentState {
    const bad = one.release === null ? undefined : this.bad.get(one.release);
    const state = this.isReady(one) ? "healthy" : one.release === null ? "booting" : "starting";
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
      restarts: one.restarts,
      ...bad,
      ...(one.held ? this.commands.report(one) : {}),
    };
  }
}

const retryMilliseconds = 10_000;
