/** The two sides of a stack, each with its own instances: one serves, the other takes the next version. */
export type Colour = "blue" | "green";

export const colours: readonly Colour[] = ["blue", "green"];

export function otherColour(colour: Colour): Colour {
  return colour === "blue" ? "green" : "blue";
}
