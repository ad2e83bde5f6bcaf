import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** A provider for one platform, as a mirror has it. */
export interface WantedProvider {
  /** Such as `registry.terraform.io/hashicorp/aws`. */
  readonly address: string;
  readonly platform: string;
  readonly accepts: (version: string) => boolean;
}

/**
 * Whether `mirror` holds the provider, in either layout of
 * https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror:
 * `ADDRESS/VERSION/PLATFORM/` or `ADDRESS/terraform-provider-TYPE_VERSION_PLATFORM.zip`.
 */
export function holdsProvider(mirror: string, wanted: WantedProvider): boolean {
  return listPackages(mirror, wanted).length > 0;
}

/** The packed package, or the folder with the program, of each version that is accepted. */
function listPackages(
  mirror: string,
  { address, platform, accepts }: WantedProvider,
): readonly string[] {
  const folder = join(mirror, address);
  if (!isFolder(folder)) return [];
  const type = address.split("/").at(-1) ?? "";
  return listFolder(folder).flatMap((name) => {
    const packed = new RegExp(`^terraform-provider-${type}_(.+)_${platform}\\.zip$`).exec(
      name,
    )?.[1];
    const path = packed === undefined ? join(folder, name, platform) : join(folder, name);
    return accepts(packed ?? name) && (packed !== undefined || isFolder(path)) ? [path] : [];
  });
}

/** A provider is a program that gets the AWS credentials, so every package that Terraform could take must be trusted. */
function holdsTrusted(
  mirror: string,
  wanted: WantedProvider,
  trusts: (path: string) => boolean,
): boolean {
  const packages = listPackages(mirror, wanted);
  const files = packages.flatMap((path) => [
    path,
    ...listFolder(path).map((name) => join(path, name)),
  ]);
  return packages.length > 0 && files.every((path) => trusts(path));
}

/**
 * The first folder, at most two levels below one of the roots, that holds the provider, in files that `trusts` accepts. Checks for its exact name
 * instead of reading every folder, and reads at most `budget` folders in each root. That takes a few milliseconds.
 */
export function searchMirror(
  roots: readonly string[],
  wanted: WantedProvider,
  trusts: (path: string) => boolean,
  budget = 60,
): string | undefined {
  for (const root of roots) {
    let reads = 0;
    let level = [root];
    for (let depth = 0; depth <= deepest; depth++) {
      const found = level.find((folder) => holdsTrusted(folder, wanted, trusts));
      if (found !== undefined) return found;
      const below: string[] = [];
      for (const folder of depth === deepest ? [] : level) {
        if (reads++ >= budget) break;
        below.push(
          ...listFolder(folder, true)
            .filter((name) => !crowded.has(name))
            .map((name) => join(folder, name)),
        );
      }
      level = below;
    }
  }
  return undefined;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    // This user cannot use a mirror in a folder that they cannot read.
    return false;
  }
}

function listFolder(path: string, foldersOnly = false): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !foldersOnly || entry.isDirectory() || entry.isSymbolicLink())
      .map((entry) => entry.name)
      .toSorted();
  } catch {
    return [];
  }
}

const deepest = 2;

/** Folders with thousands of others, none of them a mirror. */
const crowded: ReadonlySet<string> = new Set([
  "node_modules",
  ".git",
  "docker",
  "dpkg",
  "apt",
  "doc",
  "man",
  "locale",
  "icons",
  "zoneinfo",
]);
