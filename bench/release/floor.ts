import { setTimeout as sleep } from "node:timers/promises";
import { clearGroup, keepGroup, setCapacity } from "../../src/aws/fleet.ts";
import { targetHealth } from "../../src/aws/load-balancer.ts";
import { systemClock } from "../../src/process/clock.ts";
import { readReleases } from "../../src/state/release-history.ts";
import { pointerTo } from "../../src/state/release-pointer.ts";
import { createParts } from "../../src/target/stack-parts.ts";
import { parseStackRecord } from "../../src/state/stack-record.ts";
import type { World } from "./world.ts";

/**
 * Seconds that AWS itself needs. It points the idle colour at the serving release, raises its capacity, and waits until the instances
 * have booted, their containers have started and two health checks have passed. The colour is empty before and after.
 */
export async function floorSeconds({ app, inside }: World): Promise<number> {
  const { aws, store, outputs } = inside;
  const { active } = await app.status();
  const colour = active?.colour === "blue" ? "green" : "blue";
  const group = outputs.autoscaling_group_names[colour];
  const autoScaling = await aws.autoScaling();
  const loadBalancing = await aws.loadBalancing();
  const stack = parseStackRecord((await store.get("stack.json"))?.value);
  const record = (await readReleases(store)).find(({ version }) => version === active?.version);
  if (record === undefined) throw new Error("nothing serves");
  await keepGroup(autoScaling, group);
  await clearGroup(autoScaling, group);
  const { pointers } = createParts({ aws, store, clock: systemClock }, outputs);
  const started = performance.now();
  const prefix = `${stack.name}/${stack.environment}`;
  await pointers.write(colour, pointerTo(record, prefix, "at-once"));
  await setCapacity(autoScaling, group, { min: instances, desired: instances });
  for (;;) {
    const targets = await targetHealth(loadBalancing, outputs.target_group_arns[colour]);
    if (targets.filter(({ state }) => state === "healthy").length >= instances) break;
    if (performance.now() - started > 300_000)
      throw new Error("the floor's targets were never healthy");
    await sleep(100);
  }
  const seconds = (performance.now() - started) / 1000;
  await setCapacity(autoScaling, group, { min: 0, desired: 0 });
  await sleep(settleMilliseconds);
  return seconds;
}

const instances = 2;

/** Terminating instances would slow down the next measurement. */
const settleMilliseconds = 10_000;
