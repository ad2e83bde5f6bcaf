import { readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PushCredentials } from "../../aws/ecr/registry.ts";

/** The parts of Docker's config.json that matter here (https://docs.docker.com/reference/cli/docker/, "Docker CLI configuration file properties"). */
interface DockerConfig {
  readonly auths?: Readonly<Record<string, unknown>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly proxies?: Readonly<Record<string, unknown>>;
}

/**
 * Makes `folder` a copy of the user's folder of Docker's configuration that also knows a registry's password. The builders, the plugins and the
 * logins for base images stay usable, and the password is stored nowhere else.
 */
export async function copyWithLogin(
  users: string,
  folder: string,
  { host, username, password }: PushCredentials,
): Promise<void> {
  for (const name of await readdir(users).catch((): string[] => [])) {
    if (name !== configName) await symlink(join(users, name), join(folder, name));
  }
  const config = await readConfig(users);
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  const merged = {
    ...config,
    auths: { ...config.auths, [host]: { auth } },
    // An empty name means the file itself: the desktop's store, for one, does not know this password.
    credHelpers: { ...config.credHelpers, [host]: "" },
  };
  await writeFile(join(folder, configName), JSON.stringify(merged), { mode: 0o600 });
}

/** Whether Docker's configuration gives every build a proxy's address, as build arguments. */
export async function hasProxies(users: string): Promise<boolean> {
  return Object.keys((await readConfig(users)).proxies ?? {}).length > 0;
}

async function readConfig(users: string): Promise<DockerConfig> {
  try {
    return JSON.parse(await readFile(join(users, configName), "utf8")) as DockerConfig;
  } catch {
    // Docker does without the file too.
    return {};
  }
}

const configName = "config.json";
