import type { Project } from "../../test/_helpers/project.ts";
import { runCli } from "../../test/_helpers/cli.ts";

/** Switches the region's weather to these conditions, as `sandbox weather` takes them; `none` is fair weather. */
export async function setWeather(
  { folder, env, sandbox }: Pick<Project, "folder" | "env" | "sandbox">,
  conditions: string,
): Promise<void> {
  const end = await runCli(["sandbox", "weather", conditions, "--name", sandbox], {
    cwd: folder,
    env,
  });
  if (end.exitCode !== 0) throw new Error(`sandbox weather ${conditions}:\n${end.stderr}`);
}
