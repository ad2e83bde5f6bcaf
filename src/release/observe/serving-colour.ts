import type { Colour } from "../../stack/colour.ts";
import type { Door } from "../parts.ts";
import { servingColour } from "./active-release.ts";

/** The colour that has more of the traffic; undefined when the listener is gone, as after an interrupted destroy. */
export async function readServingColour(door: Pick<Door, "weights">): Promise<Colour | undefined> {
  const weights = await door.weights();
  return weights === undefined ? undefined : servingColour(weights);
}
