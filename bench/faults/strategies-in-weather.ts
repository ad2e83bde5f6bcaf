import type { BoundRow } from "../groups.ts";
import { strategies } from "../release/strategies.ts";
import type { World } from "../release/world.ts";
import { setWeather } from "./weather.ts";

/** A good release by each strategy on an ordinary day of AWS, in real time. */
export async function strategiesInWeather(world: World): Promise<readonly BoundRow[]> {
  await setWeather(world.app.project, "aws");
  try {
    return await strategies(world);
  } finally {
    await setWeather(world.app.project, "none");
  }
}
