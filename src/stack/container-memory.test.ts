import { expect, test } from "vitest";
import { CommandError } from "../errors/command-error.ts";
import { refuseMemory } from "./container-memory.ts";

const machine = (memoryMb: number | null, topology: "fleet" | "single" = "single") => ({
  topology,
  instances: { type: "t3.small", memoryMb },
});

test("two containers must fit, and with recreate one", () => {
  refuseMemory(machine(null), { strategy: "canary" }, 2048);
  refuseMemory(machine(700), { strategy: "canary" }, 2048);
  refuseMemory(machine(1400), { strategy: "recreate" }, 2048);
  refuseMemory(machine(1400, "fleet"), { strategy: "canary" }, 2048);
  expect(() => refuseMemory(machine(1400), { strategy: "canary" }, 2048)).toThrow(
    expect.objectContaining({
      message: "Two containers of 1400 MB do not fit on a t3.small.",
      next: expect.stringMatching(/at most 716, .* recreate/),
    }),
  );
  expect(() => refuseMemory(machine(1500), { strategy: "recreate" }, 2048)).toThrow(CommandError);
});
