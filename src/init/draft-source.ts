import { formatProblems } from "../config/checks/problem.ts";
import { parseConfig } from "../config/parse.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { ImageSource } from "../image/docker-argv.ts";
import { imageSource } from "../image/source.ts";
import { configText } from "./config-text.ts";
import type { InitSettings } from "./settings.ts";

/** The image that `up` would build from these settings, or of whose platform it would take one. Throws CommandError (64) for a value that the file cannot have, such as a build argument's. */
export function draftSource(settings: InitSettings, folder: string): ImageSource {
  const parsed = parseConfig({
    text: configText(settings),
    file: "infer-deploy.yml",
    overrides: { environment: { value: "production", origin: "init" } },
  });
  if ("problems" in parsed) {
    throw new CommandError("infer-deploy.yml cannot have these values.", {
      exitCode: exitCodes.usage,
      detail: formatProblems(parsed.problems),
    });
  }
  return imageSource(parsed.config, folder, {});
}
