import fc from "fast-check";
import { expect, test } from "vitest";
import { pauseWorld, type PauseCommand } from "../../../test/_helpers/pause-world.ts";

const command = fc.constantFrom<PauseCommand>("maintenance on", "maintenance off", "sleep", "wake");

/** A command that is killed at its call of that number, before or after the call has its effect. */
const kills = fc.array(
  fc.record({
    command,
    at: fc.integer({ min: 1, max: 60 }),
    when: fc.constantFrom("before" as const, "after" as const),
  }),
  { maxLength: 6 },
);

test("whatever is killed on its way, users get the service or the answer, and one more command completes or undoes it", async () => {
  await fc.assert(
    fc.asyncProperty(kills, command, async (killed, last) => {
      const harm = new Set<string>();
      const world = pauseWorld({ onCall: () => look() });
      const { stack } = world;
      const look = (): void => {
        stack.settle();
        if (stack.pause === null && stack.answering(0.5) === null) harm.add("no one answers");
        if (stack.instances.length < 2 && (world.pause()?.sleep ?? null) === null)
          harm.add("no record");
      };
      for (const { command: one, at, when } of killed) {
        await world.runKilled(one, at, when);
        look();
      }
      await world.run(last);
      look();
      const { maintenance = null, sleep = null } = world.pause() ?? {};
      if (last === "sleep") {
        expect(sleep?.goal).toBe("asleep");
        expect([stack.instances.length, stack.groups.blue.desired]).toEqual([0, 0]);
      }
      if (last === "wake") expect(sleep).toBeNull();
      if (last === "maintenance on") expect(maintenance).not.toBeNull();
      if (last === "maintenance off") expect(maintenance).toBeNull();
      // Its answer is there exactly while something is recorded, and the record goes with the last of it.
      expect(stack.pause !== null).toBe(maintenance !== null || sleep !== null);
      // From anywhere, two commands lead back to where it began.
      await world.run("wake");
      await world.run("maintenance off");
      look();
      expect([...harm]).toEqual([]);
      expect(world.pause()).toBeUndefined();
      expect(stack.pause).toBeNull();
      expect(stack.groups.blue).toMatchObject({ min: 2, desired: 2 });
      expect(stack.instances.map(({ release }) => release)).toEqual([7, 7]);
      expect(stack.scaling).toEqual({ blue: true, green: false });
    }),
    { numRuns: 400 },
  );
});
