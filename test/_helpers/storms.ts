import fc from "fast-check";
import { fakeZones } from "./fake-zones.ts";
import type { Fault, Storm } from "./storm.ts";

/** Milliseconds within which most releases of the tests are over. */
const span = 60_000;

const watched = ["app-production-green-errors", "app-production-green-unhealthy"];

export const storms: fc.Arbitrary<Storm> = fc.record({
  faults: fc.array(
    fc.record({
      after: fc.nat(60),
      times: fc.constantFrom(1, 1, 2, 3),
      when: fc.constantFrom("before" as const, "after" as const),
    }),
    { maxLength: 6 },
  ),
  outages: fc.array(
    fc.record({
      from: fc.nat(span),
      length: fc.constantFrom(500, 3000, 20_000, 60_000),
      of: fc.constantFrom("everything" as const, "journal" as const, "weights" as const),
    }),
    { maxLength: 2 },
  ),
  alarms: fc.array(
    fc.record({
      at: fc.nat(span),
      name: fc.constantFrom(...watched),
      on: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
  crashes: fc.array(
    fc.record({
      at: fc.nat(span),
      which: fc.nat(5),
      kind: fc.constantFrom("machine" as const, "container" as const),
    }),
    { maxLength: 3 },
  ),
  shortages: fc.array(
    fc.record({
      at: fc.nat(span / 3),
      length: fc.constantFrom(5000, 30_000, 200_000),
      zone: fc.constantFrom(...fakeZones),
    }),
    { maxLength: 2 },
  ),
  growth: fc.array(fc.nat(span), { maxLength: 2 }),
  breaksAt: fc.option(fc.nat(span), { freq: 4 }),
  repeats: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
  kills: fc.array(fc.integer({ min: 1, max: 250 }), { maxLength: 3 }),
  interruptAt: fc.option(fc.nat(span), { freq: 3 }),
});

/** Bursts of up to three failures of one kind, far enough apart that two of them never meet. */
export const readFaults: fc.Arbitrary<readonly Fault[]> = fc
  .tuple(fc.nat(60), fc.array(fc.integer({ min: 60, max: 120 }), { maxLength: 5 }))
  .chain(([first, others]) => fc.tuple(...[first, ...others].map(faultAfter)));

function faultAfter(after: number): fc.Arbitrary<Fault> {
  return fc.record({
    after: fc.constant(after),
    times: fc.integer({ min: 1, max: 3 }),
    when: fc.constantFrom("before" as const, "after" as const),
  });
}
