import { CommandError } from "../../../src/errors/command-error.ts";
import { readSandboxState, sandboxFolder } from "../client/state-file.ts";
import { changeWeather, readConditions, type WeatherCondition } from "../client/weather.ts";
import type { Weather } from "../client/weather-text.ts";
import { checkSandboxName } from "../containers/sandbox-names.ts";
import type { SandboxDeps } from "./images.ts";
import { answers } from "./ready.ts";

/** The weather of a running sandbox. */
interface OpenWeather {
  /** Switches everything else off. Throws CommandError (64) for a wrong value. */
  readonly change: (weather: Weather) => Promise<Weather>;
  readonly conditions: () => Promise<readonly WeatherCondition[]>;
}

/** Starts nothing. Throws CommandError when the sandbox does not answer. */
export async function openWeather(
  { env }: Pick<SandboxDeps, "env">,
  name: string,
): Promise<OpenWeather> {
  checkSandboxName(name);
  const state = await readSandboxState(sandboxFolder(env, name));
  if (state === undefined || !(await answers(state, "emulator"))) {
    throw new CommandError(`Sandbox ${name} is not running.`, {
      next: `infer-deploy sandbox start --name ${name}`,
    });
  }
  return {
    change: async (weather) => changeWeather(state, weather),
    conditions: async () => readConditions(state),
  };
}
