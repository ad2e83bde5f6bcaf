import { join } from "node:path";
import { dockerFolder } from "../../image/docker-folder.ts";
import { architectureOf } from "../../infrastructure/desired.ts";
import type { CaddyDeps } from "../../infrastructure/door/provide-caddy.ts";
import type { Deps } from "../../deps.ts";
import { loadFiles, packagedTemplates } from "../../terraform/render/template-files.ts";
import type { Target } from "../target.ts";
import { machineTraffic } from "./machine-parts.ts";

/** Caddy for the machine of a stack; undefined for a fleet. */
export function createCaddy(
  deps: Pick<Deps, "clock" | "env" | "interrupts" | "reporter" | "run">,
  { aws, config, store }: Pick<Target, "aws" | "config" | "store">,
): CaddyDeps | undefined {
  if (config.topology === "fleet") return undefined;
  const { clock, env, interrupts, reporter, run } = deps;
  const base = env["INFER_DEPLOY_BASE_GO"];
  const context = join(packagedTemplates, "door");
  return {
    run,
    ecr: aws.ecr,
    reporter,
    dockerFolder: dockerFolder(env),
    signal: interrupts.aborted,
    files: async () => loadFiles(packagedTemplates, ["door"]),
    source: {
      context,
      dockerfile: join(context, "Dockerfile"),
      buildArgs: {
        ARCHITECTURE: architectureOf(config),
        ...(base === undefined ? {} : { GO_IMAGE: base }),
      },
      target: null,
      secrets: [],
      platform: config.image.platform,
      tag: `infer-deploy-build/${config.name}-door:latest`,
    },
    use: async ({ outputs }, image) => {
      if (!("machine" in outputs)) return;
      await machineTraffic({ aws, store, clock }, outputs).change(() => ({ image }));
    },
  };
}
