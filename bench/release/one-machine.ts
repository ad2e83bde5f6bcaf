import { createReleaseProject } from "../../test/_helpers/release-project.ts";
import type { BoundRow } from "../groups.ts";
import { releaseBy } from "./strategies.ts";
import { createReleases, type Releases, type World } from "./world.ts";
import { rollBack } from "./warm-rollback.ts";

/** Releases and a warm rollback on one machine, with a certificate and by name, next to the same on the fleet. */
export async function oneMachine(fleet: World): Promise<readonly BoundRow[]> {
  const rows = await releasesOf("fleet", fleet);
  const stack = { name: "bench-machine", region: "eu-west-1" };
  const app = await createReleaseProject(stack.name, {
    topology: "single",
    domain: "api.example.com",
    zone: "example.com",
    health: { path: "/readyz", interval: "5s", drain: "5s", timeout: "60s" },
    instances: { type: "t3.small", memory: 512 },
  });
  try {
    const machine = await createReleases(app, stack);
    return [...rows, ...(await releasesOf("one machine", machine))];
  } finally {
    await app.project.remove();
  }
}

async function releasesOf(kind: string, world: Releases): Promise<readonly BoundRow[]> {
  const rows: BoundRow[] = [];
  for (const strategy of ["blue-green", "canary"]) rows.push(await releaseBy(world, strategy));
  await world.quiet();
  const {
    way,
    "exit, s": seconds,
    "last request to the version left, s": last,
    ...back
  } = await rollBack(world, []);
  // One table has the same columns in all rows.
  rows.push({
    ...back,
    case: "warm rollback",
    seconds: Number(seconds),
    versions: `${way}, the last request to it after ${Number(last).toFixed(2)} s`,
  });
  return rows.map((row) => ({ ...row, case: `${kind}: ${row["case"]}` }));
}
