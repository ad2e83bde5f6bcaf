import { expect, test } from "vitest";
import { withDeadline } from "./deadline.ts";

const never = () => new Error("late");

test("work that is done in time gives its result, or its own error", async () => {
  expect(await withDeadline(60_000, async () => "done", never)).toBe("done");
  await expect(
    withDeadline(60_000, () => Promise.reject(new Error("its own")), never),
  ).rejects.toThrow("its own");
});

test("work that hangs is asked to stop, and not waited for", async () => {
  let asked: AbortSignal | undefined;
  const hanging = withDeadline(
    1,
    (signal) => {
      asked = signal;
      return new Promise(() => undefined);
    },
    never,
  );
  await expect(hanging).rejects.toThrow("late");
  expect(asked?.aborted).toBe(true);
});
