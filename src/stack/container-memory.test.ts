import { expect, test } from "vitest";
import { config } from "../../test/_helpers/session-world.ts";
import { CommandError } from "../errors/command-error.ts";
import { refuseMemory } from "./container-memory.ts";

const placeOf = (path: readonly PropertyKey[]) => `f.yml ${path.join(".")}`;
const t3Small = 2048;

/** Throws as `refuseMemory` does, for a t3.small. */
function refuse(text: string, strategy: "canary" | "recreate" = "canary"): void {
  refuseMemory(config(text), { strategy }, t3Small, placeOf);
}

const single = (memory: number | null) =>
  `topology: single\ninstances: { type: t3.small, min: 1, max: 1${memory === null ? "" : `, memory: ${memory}`} }\n`;

test("two containers must fit on one machine, and with recreate one", () => {
  refuse(single(null));
  refuse(single(700));
  refuse(single(1400), "recreate");
  expect(() => {
    refuse(single(1400));
  }).toThrow(
    expect.objectContaining({
      message: "Two containers of 1400 MB do not fit on a t3.small.",
      where: "f.yml instances.memory",
      next: expect.stringMatching(/at most 716, .* recreate/),
    }),
  );
  expect(() => {
    refuse(single(1500), "recreate");
  }).toThrow(CommandError);
});

test("a fleet's container cannot have more memory than the type", () => {
  refuse("instances: { memory: 2048 }");
  expect(() => {
    refuse("instances: { memory: 2049 }");
  }).toThrow(
    expect.objectContaining({
      message: "instances.memory is 2049 MB, and a t3.small has 2048 MB.",
      exitCode: 64,
      where: "f.yml instances.memory",
    }),
  );
});

test.each([
  ["container: { shm: 1537 }", "container.shm", 1536, "canary"],
  ["container: { tmp: { size: 1537 } }", "container.tmp.size", 1536, "canary"],
  [`${single(null)}container: { shm: 769 }`, "container.shm", 768, "canary"],
  [`${single(null)}container: { shm: 1537 }`, "container.shm", 1536, "recreate"],
] as const)("%j is more than the container has", (text, key, most, strategy) => {
  expect(() => {
    refuse(text, strategy);
  }).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(new RegExp(`^${key} asks for \\d+ MB, more than`)),
      exitCode: 64,
      where: `f.yml ${key}`,
      why: expect.stringContaining(`at most ${most} MB`),
    }),
  );
  refuse(text.replace(String(most + 1), String(most)), strategy);
});

test("the defaults fit on the smallest type", () => {
  refuseMemory(config(), { strategy: "canary" }, 512, placeOf);
});
