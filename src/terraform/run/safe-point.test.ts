import { expect, test } from "vitest";
import { isSafePoint } from "./safe-point.ts";

const started = 1_000_000;
const settled = 8000;
const one = (action: string, since = started) => ({ address: "aws_lb.this", action, since });

test("a creation is safe once it must have its id", () => {
  const inFlight = [one("create")];
  expect(isSafePoint({ inFlight, changed: started, now: started + 7999 }, settled)).toBe(false);
  expect(isSafePoint({ inFlight, changed: started, now: started + 8000 }, settled)).toBe(true);
});

test("one young creation among old ones is not safe", () => {
  const inFlight = [one("create"), one("create", started + 6000)];
  expect(isSafePoint({ inFlight, changed: started + 6000, now: started + 9000 }, settled)).toBe(
    false,
  );
});

test("just after something ended, what depends on it may have started", () => {
  const inFlight = [one("create")];
  const changed = started + 9000;
  expect(isSafePoint({ inFlight, changed, now: changed + 1999 }, settled)).toBe(false);
  expect(isSafePoint({ inFlight, changed, now: changed + 2000 }, settled)).toBe(true);
});

test("updates and deletions can be interrupted at any age: the resource is in the state", () => {
  const inFlight = [one("update"), one("delete"), one("refresh")];
  expect(isSafePoint({ inFlight, changed: started, now: started + 2000 }, settled)).toBe(true);
});

test("nothing in flight is safe, once nothing can have started unheard", () => {
  expect(isSafePoint({ inFlight: [], changed: started, now: started + 1999 }, settled)).toBe(false);
  expect(isSafePoint({ inFlight: [], changed: started, now: started + 2000 }, settled)).toBe(true);
});
