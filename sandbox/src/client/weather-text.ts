import { CommandError, exitCodes } from "../../../src/errors/command-error.ts";
import { weatherNames } from "./weather-names.ts";

/** Condition -> its value as text, `true` for a condition without one. */
export type Weather = Readonly<Record<string, string | true>>;

/**
 * `stale-tags=5m,busy-bucket`, or `none`. `origin` is what the user typed it for. The emulator checks the values.
 * Throws CommandError (64) for an unknown name.
 */
export function parseWeather(text: string, origin: string): Weather {
  const parts = text.split(/[,\s]+/).filter((part) => part !== "");
  if (parts.length === 1 && parts[0] === "none") return {};
  return Object.fromEntries(
    parts.map((part) => {
      const at = part.indexOf("=");
      const name = at === -1 ? part : part.slice(0, at);
      if (!known.has(name)) throw unknownName(name, origin);
      return [name, at === -1 ? true : part.slice(at + 1)];
    }),
  );
}

/** As it would be typed; "none" when everything is off. */
export function weatherText(weather: Weather): string {
  const parts = Object.entries(weather).map(([name, value]) =>
    value === true ? name : `${name}=${value}`,
  );
  return parts.length === 0 ? "none" : parts.join(",");
}

function unknownName(name: string, origin: string): CommandError {
  return new CommandError(`${origin} takes conditions of the weather, and "${name}" is none.`, {
    exitCode: exitCodes.usage,
    next: `choose from ${weatherNames.join(", ")}, or none`,
  });
}

const known: ReadonlySet<string> = new Set(weatherNames);
