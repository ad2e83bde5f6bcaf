/** Two sides of a stack, each with instances of its own: one serves, the other takes the next version. */
export type Colour = "blue" | "green";

export const colours: readonly Colour[] = ["blue", "green"];

export function otherColour(colour: Colour): Colour {
  return colour === "blue" ? "green" : "blue";
}
