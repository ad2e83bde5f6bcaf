import { isAbsolute, resolve } from "node:path";
import type { Config } from "../config/schema/config.ts";
import type { ImageSource } from "./docker-argv.ts";

/** The config's image settings, with absolute paths. */
export function imageSource(
  config: Pick<Config, "name" | "image">,
  root: string,
  buildArgs: Readonly<Record<string, string>>,
): ImageSource {
  const context = resolve(root, config.image.context);
  const { dockerfile } = config.image;
  return {
    context,
    dockerfile: isAbsolute(dockerfile) ? dockerfile : resolve(context, dockerfile),
    buildArgs: { ...config.image.buildArgs, ...buildArgs },
    target: config.image.target,
    secrets: config.image.secrets.map((secret) =>
      secret.from === "file" ? { ...secret, name: resolve(root, secret.name) } : secret,
    ),
    platform: config.image.platform,
    tag: `infer-deploy-build/${config.name}:latest`,
  };
}
