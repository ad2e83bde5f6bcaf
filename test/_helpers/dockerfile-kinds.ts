import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "./cli.ts";

const folder = join(repository, "test", "e2e", "fixtures", "dockerfiles");

/** What `init` must find out about each of the Dockerfiles. */
export const dockerfileKinds = {
  python: { port: 8000, path: "/healthz" },
  node: { port: 3000, path: "/ready" },
  go: { port: 8080, path: "/health" },
  "several-stages": { port: 8500, path: "/ready" },
  "several-ports": { port: 8000, path: "/health" },
  "no-expose": { port: 5000, path: "/ping" },
  "non-root": { port: 8888, path: "/api/health" },
  "writable-folder": { port: 8000, path: "/healthz", env: { CACHE_DIR: "/tmp" } },
  "other-health-path": { port: 8000, path: "/internal/alive" },
  "slow-start": { port: 8000, path: "/healthz" },
} as const;

export type DockerfileKind = keyof typeof dockerfileKinds;

/** Makes `target` a user's folder with a Dockerfile of this kind and its app. */
export async function copyDockerfile(kind: DockerfileKind, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const entries = await readdir(folder, { withFileTypes: true });
  const apps = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  await Promise.all([
    cp(join(folder, kind, "Dockerfile"), join(target, "Dockerfile")),
    ...apps.map(async (name) => cp(join(folder, name), join(target, name))),
  ]);
}

/** The variable that names the base images of this machine, as --build-arg would. */
export async function baseImages(): Promise<{ readonly INFER_DEPLOY_BUILD_ARG: string }> {
  const text = await readFile(join(repository, ".cache", "bases.json"), "utf8");
  const bases = JSON.parse(text) as Readonly<Record<string, string>>;
  const lines = Object.entries(bases).map(
    ([name, image]) => `${name.toUpperCase()}_IMAGE=${image}`,
  );
  return { INFER_DEPLOY_BUILD_ARG: lines.join("\n") };
}
