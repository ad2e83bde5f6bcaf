import { CommandError, exitCodes } from "../../../src/errors/command-error.ts";
import { sandboxHeaders } from "./sandbox-key.ts";
import type { SandboxState } from "./sandbox-state.ts";
import type { Weather } from "./weather-text.ts";

type Region = Pick<SandboxState, "endpoint" | "key" | "name">;

/** A condition, on or off, as the emulator describes it. */
export interface WeatherCondition {
  readonly name: string;
  readonly summary: string;
  /** What its value means; null when it has none. */
  readonly takes: string | null;
  /** The value that is meant when none is given. */
  readonly default: string | null;
  /** Null: it is off. */
  readonly value: string | true | null;
}

export async function readWeather(region: Region): Promise<Weather> {
  return (await ask(region, "weather")) as Weather;
}

export async function readConditions(region: Region): Promise<readonly WeatherCondition[]> {
  const answer = await ask(region, "weather-conditions");
  return (answer as { readonly conditions: readonly WeatherCondition[] }).conditions;
}

/** Switches everything else off, and returns what is on. Throws CommandError (64) with the emulator's words for a wrong value. */
export async function changeWeather(region: Region, weather: Weather): Promise<Weather> {
  return (await ask(region, "weather", weather)) as Weather;
}

async function ask(region: Region, path: string, body?: Weather): Promise<unknown> {
  const response = await fetch(`${region.endpoint}/_sandbox/${path}`, {
    headers: sandboxHeaders(region),
    signal: AbortSignal.timeout(callMilliseconds),
    ...(body === undefined ? {} : { method: "PUT", body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  const { error } = answer as { readonly error?: string };
  throw new CommandError(`The sandbox refuses this weather: ${error ?? response.status}.`, {
    exitCode: exitCodes.usage,
    next: `infer-deploy sandbox weather --name ${region.name} lists the conditions and their values`,
  });
}

const callMilliseconds = 10_000;
