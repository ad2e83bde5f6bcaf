import { failedSamples } from "../../test/_helpers/load.ts";
import { summarise } from "../table.ts";
import { held, type BoundRow } from "../groups.ts";
import { floorSeconds } from "./floor.ts";
import { counts, requestsPerSecond, type World } from "./world.ts";

/** How long a release takes compared with the floor, measured alternately, so that a machine that slows down affects both. */
export async function time(world: World): Promise<readonly BoundRow[]> {
  const rows: BoundRow[] = [];
  const floors: number[] = [];
  const exits: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    await world.quiet();
    const version = world.newVersion();
    await world.push(version);
    const before = await world.servingVersion();
    const load = world.app.load(requestsPerSecond);
    const floor = await floorSeconds(world);
    const end = await world.app.release(version, { args: ["--no-build", "--bake", "0s"] });
    const samples = await load.stop();
    if (end.exitCode !== 0) throw new Error(end.stderr);
    const since = (milliseconds: number): number => (milliseconds - end.started) / 1000;
    const answered = (of: string): number[] =>
      samples.filter((sample) => sample.version === of).map((sample) => since(sample.answered));
    const exit = since(end.ended);
    floors.push(floor);
    exits.push(exit);
    rows.push({
      case: `release ${turn + 1}`,
      "floor, s": floor,
      "first answer by the new, s": Math.min(...answered(version)),
      "last by the old, s": Math.max(...answered(before)),
      "exit, s": exit,
      "own share, s": exit - floor,
      ...counts(samples),
      ...held("0 non-2xx", failedSamples(samples).length === 0),
    });
  }
  const floor = summarise(floors).median;
  const exit = summarise(exits).median;
  return [
    ...rows,
    {
      case: "medians",
      "floor, s": floor,
      "first answer by the new, s": "",
      "last by the old, s": "",
      "exit, s": exit,
      "own share, s": exit - floor,
      answers: "",
      "non-2xx": "",
      ...held("own share 3 s at most", exit - floor <= 3),
    },
  ];
}

const turns = 3;
