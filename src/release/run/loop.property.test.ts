import fc from "fast-check";
import { expect, test } from "vitest";
import { address, next, type ReleaseWorld } from "../../../test/_helpers/release-world.ts";
import { cases, worldOf, type Case } from "../../../test/_helpers/storm-cases.ts";
import {
  calm,
  startStorm,
  Unavailable,
  type Storm,
  type StormDeps,
} from "../../../test/_helpers/storm.ts";
import { readFaults, storms } from "../../../test/_helpers/storms.ts";
import { settleRelease } from "../../config/schema/release.ts";
import { CommandError } from "../../errors/command-error.ts";
import { colours, otherColour } from "../../stack/colour.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import { recover } from "../recover.ts";
import type { Ending } from "../strategy/machine.ts";
import { execute } from "./execute.ts";

const { probe } = settleRelease({}, "/healthz");

test("whatever AWS, the user and the machine do, one version serves all the time, and in the end one has everything", async () => {
  await fc.assert(
    fc.asyncProperty(cases, storms, async (one, storm) => {
      const { world, ending } = await weather(one, storm);
      const down = storm.outages.reduce((sum, { length }) => sum + length, 0);
      const isTidy = down < 25_000;
      checkEnd(world, one, ending, isTidy);
    }),
    { numRuns: 1500 },
  );
});

test("reads that fail up to three times in a row change the outcome of no good release", async () => {
  await fc.assert(
    fc.asyncProperty(cases, readFaults, async ({ plan }, faults) => {
      const one = { plan: { ...plan, timeoutSeconds: 600 }, isBad: false };
      // The alarm of the start stays on, which it may.
      const alarms = [{ at: 0, name: plan.startAlarms[0] ?? "none", on: true }];
      const { world, ending } = await weather(one, { ...calm, alarms, faults }, isRead);
      expect(ending).toMatchObject({ outcome: "succeeded", failure: null, stuck: false });
      checkEnd(world, one, ending, true);
    }),
    { numRuns: 500 },
  );
});

/** Of AWS and the instances. Without the journal a release does not begin, and says so. */
const isRead: StormDeps["mayFail"] = (call, key) =>
  /^(fleet\.(groups|launches)|door\.(weights|health)|alarms\.describe)$/.test(call) ||
  (call === "store.get" && key !== "journal.json");

/** The release in a storm, and after each death or failure of its process a repair, until one of them comes to its end. */
async function weather(one: Case, storm: Storm, mayFail?: StormDeps["mayFail"]) {
  const { plan } = one;
  /** What must not be, as soon as it was. Thrown where it is seen, the release would take it for a failed call. */
  const harm = new Set<string>();
  let passTime = (): void => undefined;
  const world = worldOf(one, () => {
    passTime();
    world.stack.settle();
    for (const each of harmTo(world, plan)) harm.add(each);
  });
  const { stack, clock, bucket } = world;
  const now = (): number => clock.now().getTime();
  const { press } = world;
  const wild = startStorm(storm, { stack, now, press, ...(mayFail && { mayFail }) });
  passTime = wild.passTime;
  const live = async (index: number, work: (deps: ReleaseWorld["deps"]) => Promise<Life>) => {
    const process = wild.begin(index);
    const { repeats } = wild;
    const parts = stack.connect(bucket.connect({ repeats }), async (call, when, key) => {
      await process.weather(call, when, key);
      for (const each of when === "after" ? harmTo(world, plan) : []) harm.add(each);
      if (stack.calls.length > mostCalls) throw new Error("it never ends");
    });
    return Promise.race([work({ ...world.deps, ...parts }).catch(failureOf), process.died]);
  };
  const record = recordOf(plan);
  let end: Life = await live(0, async (deps) => {
    const done = await execute(deps, { plan, record, probe, address });
    return done.ending;
  });
  for (let index = 1; isOpen(end) || isUnwritten(world); index += 1) {
    expect(index).toBeLessThan(20);
    if (index > 5) wild.end();
    await clock.sleep(index * 20_000);
    end = await live(index, async (deps) => {
      const again = { ...deps, signal: new AbortController().signal };
      const recovered = await recover(again, { probe, address });
      return typeof recovered === "object" ? recovered.ending : undefined;
    });
  }
  expect([...harm]).toEqual([]);
  return { world, ending: end as Ending | undefined };
}

/** How a process ended; undefined when it found nothing to repair. */
type Life = Ending | Error | "killed" | undefined;

/** Whether the record or the journal lacks its end, which the next command then writes. */
function isUnwritten(world: ReleaseWorld): boolean {
  return world.record(8)?.finished === null || world.journal()?.outcome === null;
}

function isOpen(end: Life): boolean {
  return end === "killed" || end instanceof Error || end?.stuck === true;
}

/** What a run may throw: AWS's own words before it has begun, that its record or journal cannot be written, and that it is stuck. */
function failureOf(error: unknown): Error {
  const isKnown =
    error instanceof CommandError &&
    / could not be (moved back|stopped|written|closed)/.test(error.message);
  if (error instanceof Unavailable || isKnown) return error;
  throw error;
}

function recordOf(plan: RolloutPlan): ReleaseRecord {
  const { colour, deployment, version } = plan.to;
  const { kind, strategy } = plan;
  return next({ colour, deployment, kind, strategy, version });
}

/** What has traffic must not go away, and something healthy must be behind it. Before a first release there is nothing. */
function harmTo({ stack }: ReleaseWorld, plan: RolloutPlan): readonly string[] {
  const { weights } = stack;
  const early = harmBy(stack, plan);
  if (plan.strategy === "first" || weights === undefined) return early;
  const busy = colours.filter((colour) => weights[colour] > 0);
  return [
    ...early,
    ...(weights.blue + weights.green === 100 ? [] : ["the shares are not the whole"]),
    ...busy.flatMap((colour) => [
      ...(stack.retiring[colour] === undefined ? [] : [`${colour} has traffic and will end`]),
      ...(stack.of(colour).some((one) => stack.isServing(one))
        ? []
        : [`${colour} has traffic and nothing serves`]),
    ]),
  ];
}

/** The command of `release.before` runs once at a time, and the version starts after it. */
function harmBy(
  { commands: { runs }, instances }: ReleaseWorld["stack"],
  { before, to }: RolloutPlan,
): readonly string[] {
  if (before === undefined) return [];
  const isDone = runs.some(({ code }) => code === 0);
  const starts = instances.some(({ held, release }) => release === to.deployment && !held);
  return [
    ...(runs.filter(({ isOver }) => !isOver).length > 1 ? ["two commands run at once"] : []),
    ...(starts && !isDone ? ["the version starts before its command has succeeded"] : []),
  ];
}

/** `isTidy`: no change of the tidying failed so often that it was left out. */
function checkEnd(
  world: ReleaseWorld,
  { plan }: Case,
  ending: Ending | undefined,
  isTidy: boolean,
): void {
  const { stack } = world;
  stack.settle();
  const record = world.record(8);
  const succeeded = record?.outcome === "succeeded";
  if (ending !== undefined && record !== undefined) {
    expect(record.finished).not.toBeNull();
    // Without a single note there is no journal, and the release has changed nothing that it did not change back.
    expect(world.journal()?.outcome ?? ending.outcome).toBe(ending.outcome);
  }
  expect(record?.outcome).not.toBe("in-progress");
  if (plan.before !== undefined && succeeded) {
    const { runs } = stack.commands;
    expect(runs.filter(({ code }) => code === 0)).toHaveLength(1);
    // Each one before it had lost its instance.
    const ids = runs.map(({ instance }) => instance);
    expect(new Set(ids).size).toBe(ids.length);
  }
  expect(world.bucket.read("lock.json")).toBe("the lock");
  if (isTidy) expect(stack.probe).toBeNull();
  if (plan.from === null) {
    // Healthy instances are kept, also where only the address did not answer in time.
    const isKept = succeeded || record?.reason?.startsWith("its targets are healthy") === true;
    expect(stack.groups.blue.desired).toBe(isKept ? plan.instances : 0);
    return;
  }
  const serving = stack.weights?.green === 100 ? "green" : "blue";
  expect(stack.weights).toEqual({ blue: 0, green: 0, [serving]: 100 });
  // A rollback to a good version that is unhealthy too stays where it is.
  if (!(plan.warm && record?.outcome === "failed")) {
    expect(serving).toBe(succeeded ? plan.to.colour : plan.from.colour);
  }
  if (isTidy) expect(stack.groups[serving].min).toBe(plan.minimum);
  if (isTidy) {
    expect(stack.scaling).toEqual({ blue: serving === "blue", green: serving === "green" });
  }
  if (isTidy) expect(stack.balancing).toEqual({ blue: true, green: true });
  if (plan.strategy === "rolling") {
    checkOneRelease(world, succeeded ? plan.to.deployment : plan.from.deployment);
    if (isTidy) expect(stack.pointers.blue?.update).toBeUndefined();
  } else if (isTidy) {
    const idle = otherColour(serving);
    expect(stack.groups[idle].desired === 0 || stack.retiring[idle] !== undefined).toBe(true);
  }
}

/** Every instance runs the release, or has just started and will. */
function checkOneRelease({ stack }: ReleaseWorld, wanted: number): void {
  expect(stack.pointers.blue).toMatchObject({ release: wanted });
  for (const { lifecycle, release } of stack.instances) {
    expect(lifecycle).toBe("InService");
    expect([wanted, null]).toContain(release);
  }
}

const mostCalls = 60_000;
