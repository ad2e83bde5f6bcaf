import { held, type BoundRow } from "../groups.ts";
import { bareSession } from "./measure.ts";
import { prepareInt8Model, type Places } from "./setup.ts";
import { apart, type Settings } from "./world.ts";

/** The speed of the 8-bit model and the exact one, measured alternately. app/test/run prints how exact they are. */
export async function precision(
  places: Places,
  { seconds }: Settings,
): Promise<readonly BoundRow[]> {
  const int8 = { ...places, modelFolder: prepareInt8Model() };
  const rows: BoundRow[] = [];
  for (const [texts, tokens] of batches) {
    const batch = { texts, tokens, seconds };
    const exact = (await bareSession(places, apart.server, batch)).median;
    const cut = (await bareSession(int8, apart.server, batch)).median;
    rows.push({
      texts,
      tokens,
      "exact, ms": exact,
      "int8, ms": cut,
      "exact / int8": exact / cut,
      ...held("faster", cut < exact),
    });
  }
  return rows;
}

const batches = [
  [1, 16],
  [32, 8],
  [8, 32],
  [1, 128],
  [4, 128],
] as const;
