import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { hub } from "../../config/fields/image-reference.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import type { Run } from "../../process/programs/run.ts";

/** What a registry is logged in to with. */
export type Login =
  | { readonly username: string; readonly password: string }
  /** An OAuth2 refresh token. */
  | { readonly identityToken: string };

/** The parts of Docker's config.json that matter here (https://docs.docker.com/reference/cli/docker/, "Docker CLI configuration file properties"). */
interface DockerConfig {
  readonly auths?: Readonly<Record<string, Entry>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

interface Entry {
  readonly auth?: string;
  readonly identitytoken?: string;
}

/**
 * The user's login at a registry, as `docker pull` finds it: by the registry's own credential helper, by the one for all, or in the file.
 * Undefined without one. Throws CommandError (64) when a helper that is named cannot be started.
 */
export async function readDockerLogin(
  run: Run,
  folder: string,
  host: string,
): Promise<Login | undefined> {
  const config = await readConfig(folder);
  const name = host === hub ? hubName : host;
  const helper = config.credHelpers?.[name] ?? config.credHelpers?.[host] ?? config.credsStore;
  const found = helper ? await askHelper(run, helper, name) : undefined;
  if (found !== undefined) return found;
  const entry = Object.entries(config.auths ?? {}).find(([key]) => hostOf(key) === hostOf(name));
  return entry === undefined ? undefined : loginOf(entry[1]);
}

/** The protocol: https://github.com/docker/docker-credential-helpers. */
async function askHelper(run: Run, helper: string, name: string): Promise<Login | undefined> {
  const file = `docker-credential-${helper}`;
  let answer;
  try {
    answer = await run({ file, args: ["get"], input: name, writes: false });
  } catch (cause) {
    throw new CommandError(`Docker's configuration names ${file}, which cannot be started.`, {
      exitCode: exitCodes.usage,
      cause,
      next: `install ${file}, or log in again: docker login ${name}`,
    });
  }
  // "credentials not found in native keychain" is how a helper says that there are none.
  if (answer.exitCode !== 0) return undefined;
  const { Username: username = "", Secret: password = "" } = parse(answer.stdout) as {
    readonly Username?: string;
    readonly Secret?: string;
  };
  if (password === "") return undefined;
  return username === "<token>" ? { identityToken: password } : { username, password };
}

function loginOf({ auth = "", identitytoken = "" }: Entry): Login | undefined {
  if (identitytoken !== "") return { identityToken: identitytoken };
  const text = Buffer.from(auth, "base64").toString("utf8");
  const at = text.indexOf(":");
  return at < 1 ? undefined : { username: text.slice(0, at), password: text.slice(at + 1) };
}

/** Old entries are URLs. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}

async function readConfig(folder: string): Promise<DockerConfig> {
  return parse(await readFile(join(folder, "config.json"), "utf8").catch(() => "{}"));
}

/** An empty object for anything but a JSON object, as docker would complain of it by itself. */
function parse(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** Under which Docker keeps the login of Docker Hub. */
const hubName = "https://index.docker.io/v1/";
