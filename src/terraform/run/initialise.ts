import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandError } from "../../errors/command-error.ts";
import { initArgs } from "./terraform-argv.ts";
import type { InitOptions } from "./terraform-argv.ts";
import type { TerraformBinary } from "./binary.ts";
import type { Environment } from "./environment.ts";
import { parseJson, recordOf, textOf } from "../events/json.ts";
import type { DriverEvent } from "../events/terraform-events.ts";
import { lockedVersion, lockFileFor, withoutChecksums } from "./lock-file.ts";
import { configureProviderSource, findProviderSource, providerAddress } from "./mirror.ts";
import { privatePath } from "./private-files.ts";

export interface Initialisation {
  readonly binary: TerraformBinary;
  readonly folder: string;
  readonly env: Environment;
  readonly options: InitOptions;
  readonly onEvent: (event: DriverEvent) => void;
}

/**
 * Calls `init` (terraform init with this environment) unless its inputs and its results are unchanged since the
 * last time. That saves a second in every command.
 */
export async function initialise(
  work: Initialisation,
  init: (env: Environment) => Promise<void>,
): Promise<"initialised" | "unchanged"> {
  const { upgrade = false, providerVersion } = work.options;
  const version = upgrade ? undefined : providerVersion;
  if (version !== undefined) await lockProvider(work, version);
  const record = await readRecord(work.folder);
  if (!upgrade && record.fingerprint !== "" && record.fingerprint === (await fingerprint(work)))
    return "unchanged";

  const source = findProviderSource({ ...work, version });
  if (source.kind === "mirror" || source.kind === "implied") {
    work.onEvent({ type: "provider_mirror", path: source.path });
  }
  const env = { ...work.env, ...(await configureProviderSource(work, source)) };
  await init(env).catch(async (error: unknown) => {
    if (!isForeignLockFile(error, record, work.binary)) throw error;
    const lockFile = join(work.folder, lockFileName);
    await writeFile(lockFile, withoutChecksums(await readFile(lockFile, "utf8")));
    await init(env);
  });
  await writeRecord(work.folder, {
    fingerprint: await fingerprint(work),
    platform: work.binary.platform,
  });
  return "initialised";
}

/** Records the version that the stack was applied with, unless this folder's lock file already says so. */
async function lockProvider({ binary, folder }: Initialisation, version: string): Promise<void> {
  const address = providerAddress(binary);
  if (lockedVersion(await readLockFile(folder), address) === version) return;
  await writeFile(join(folder, lockFileName), lockFileFor(address, version));
}

/** The AWS provider's version that init has chosen for the folder; undefined before the first init. */
export async function readProviderVersion(
  binary: TerraformBinary,
  folder: string,
): Promise<string | undefined> {
  return lockedVersion(await readLockFile(folder), providerAddress(binary));
}

async function readLockFile(folder: string): Promise<string> {
  return readFile(join(folder, lockFileName), "utf8").catch(() => "");
}

interface InitRecord {
  readonly fingerprint: string;
  readonly platform: string;
}

/**
 * A lock file that was written from a filesystem mirror has checksums for that platform only, so another platform
 * refuses it. On the same platform a mismatch is real, and the lock file must refuse it.
 */
function isForeignLockFile(error: unknown, record: InitRecord, binary: TerraformBinary): boolean {
  if (!(error instanceof CommandError) || record.platform === binary.platform) return false;
  return /checksums? previously recorded|match any of the checksums/i.test(
    `${error.message} ${error.why ?? ""}`,
  );
}

/** A hash of what init reads (configuration, options, program, provider source) and of what it leaves behind. */
async function fingerprint({ binary, folder, env, options }: Initialisation): Promise<string> {
  const hash = createHash("sha256");
  const add = (...parts: readonly string[]): void => void hash.update(JSON.stringify(parts));
  add(binary.product, binary.version, binary.platform, ...initArgs({ ...options, upgrade: false }));
  add(env["INFER_DEPLOY_TERRAFORM_MIRROR"] ?? "", env["TF_CLI_CONFIG_FILE"] ?? "");
  for (const path of [
    ...(await listConfiguration(folder)),
    ...leftBehind.map((name) => join(folder, name)),
  ]) {
    add(path, await readFile(path, "utf8").catch(() => ""));
  }
  for (const path of await listProviders(folder)) add(path, String(existsSync(path)));
  return hash.digest("hex");
}

async function listConfiguration(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(tf|tofu)(\.json)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(folder, ".terraform")))
    .toSorted();
}

/** HOST/NAMESPACE/TYPE/VERSION/PLATFORM. The last is a link into the mirror, which may no longer exist. */
async function listProviders(folder: string): Promise<readonly string[]> {
  let level = [join(folder, ".terraform", "providers")];
  for (let depth = 0; depth < 5; depth++) {
    const below = await Promise.all(
      level.map(async (path) => {
        const names: readonly string[] = await readdir(path).catch(() => []);
        return names.toSorted().map((name) => join(path, name));
      }),
    );
    level = below.flat();
  }
  return level;
}

async function readRecord(folder: string): Promise<InitRecord> {
  const record = recordOf(
    await readFile(privatePath(folder, recordName), "utf8")
      .then(parseJson)
      .catch(() => ({})),
  );
  return { fingerprint: textOf(record["fingerprint"]), platform: textOf(record["platform"]) };
}

async function writeRecord(folder: string, record: InitRecord): Promise<void> {
  const path = privatePath(folder, recordName);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(record));
}

const recordName = "init.json";
const lockFileName = ".terraform.lock.hcl";
/** The lock file, the current backend and the modules. */
const leftBehind: readonly string[] = [
  lockFileName,
  ".terraform/terraform.tfstate",
  ".terraform/modules/modules.json",
];
