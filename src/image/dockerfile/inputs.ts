import { stat } from "node:fs/promises";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import type { BuildSecret } from "../../config/schema/image.ts";
import type { Reporter } from "../../report/reporter.ts";
import { isSent } from "../context-hash.ts";
import type { ImageSource } from "../docker-argv.ts";
import type { Builder } from "./builder.ts";

/** Warns where a build gets other inputs than the files say. */
export async function warnOfInputs(
  reporter: Pick<Reporter, "notify">,
  source: ImageSource,
  builder: Builder,
): Promise<void> {
  const warn = (text: string): void => reporter.notify({ type: "warning", text });
  for (const { id, from, name } of source.secrets) {
    if (from === "file" && (await isSent(source, name))) {
      warn(
        `the secret ${id} is in the build context, so a COPY can put it into the image: add ${name} to .dockerignore`,
      );
    }
  }
  const own = `${source.dockerfile}.dockerignore`;
  if (builder === "classic" && (await isThere(own))) {
    warn(`Docker's classic builder does not read ${own}: https://docs.docker.com/go/buildx/`);
  }
}

/** Throws CommandError (64) when a secret's variable is not set. `where`: the secret's place in infer-deploy.yml. */
export function requireVariables(
  env: Readonly<Record<string, string | undefined>>,
  secrets: readonly BuildSecret[],
  where: (id: string) => string,
): void {
  const missing = secrets.find(({ from, name }) => from === "env" && (env[name] ?? "") === "");
  if (missing === undefined) return;
  throw new CommandError(`The variable ${missing.name} is not set.`, {
    exitCode: exitCodes.usage,
    where: where(missing.id),
    why: `the build's secret ${missing.id} is its value`,
    next: `export ${missing.name}, then run the same command again`,
  });
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
