import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import type { TerraformBinary } from "./binary.ts";
import type { Environment } from "./environment.ts";
import { privatePath } from "./private-files.ts";
import { holdsProvider, searchMirror } from "./provider-folder.ts";
import type { WantedProvider } from "./provider-folder.ts";
import { isRootOwned } from "./root-owned.ts";

/** Where `init` gets the AWS provider. */
export type ProviderSource =
  /** The user has a CLI configuration, which decides. */
  | { readonly kind: "user-config"; readonly path: string }
  /** A folder that terraform searches by default. */
  | { readonly kind: "implied"; readonly path: string }
  /** A folder that terraform needs in its CLI configuration. */
  | { readonly kind: "mirror"; readonly path: string }
  | { readonly kind: "registry" };

export interface MirrorSearch {
  /** The only version that will do; left out, each that the templates accept. */
  readonly version?: string | undefined;
  readonly binary: TerraformBinary;
  /** The root module. */
  readonly folder: string;
  readonly env: Environment;
  /** Where to search when no folder is named and none is implied. */
  readonly roots?: readonly string[];
  /** Whether a file in such a root may be run; only root's own by default. */
  readonly trusts?: (path: string) => boolean;
}

/**
 * Finds the source. Throws CommandError (64) when INFER_DEPLOY_TERRAFORM_MIRROR names a folder without the
 * AWS provider.
 */
export function findProviderSource(search: MirrorSearch): ProviderSource {
  const { binary, env } = search;
  const wanted = wantedProvider(binary, search.version);
  const named = env["INFER_DEPLOY_TERRAFORM_MIRROR"] ?? "";
  if (named !== "") {
    if (holdsProvider(named, wanted)) return { kind: "mirror", path: named };
    throw new CommandError("The named provider mirror does not have the AWS provider", {
      exitCode: exitCodes.usage,
      where: `INFER_DEPLOY_TERRAFORM_MIRROR=${named}`,
      ...(search.version === undefined
        ? {
            why: `there is no ${join(named, wanted.address)}/VERSION/${wanted.platform} with ${versionRange}`,
            next: `fill it with terraform providers mirror -platform=${wanted.platform} ${named}, or unset the variable`,
          }
        : {
            why: `the stack was applied with version ${search.version}, and ${join(named, wanted.address, search.version, wanted.platform)} does not exist`,
            next: `add that version to the mirror; infer-deploy up --upgrade-provider takes a newer one`,
          }),
    });
  }
  const config = userConfigs(search).find((path) => existsSync(path));
  if (config !== undefined) return { kind: "user-config", path: config };
  const implied = impliedFolders(search).find((path) =>
    holdsProvider(path, { ...wanted, accepts: () => true }),
  );
  if (implied !== undefined) return { kind: "implied", path: implied };
  const found = searchMirror(search.roots ?? usualRoots, wanted, search.trusts ?? isRootOwned);
  return found === undefined ? { kind: "registry" } : { kind: "mirror", path: found };
}

/**
 * What to add to terraform's environment so that it uses the source. For a mirror this is our own CLI configuration
 * file.
 */
export async function configureProviderSource(
  search: MirrorSearch,
  source: ProviderSource,
): Promise<Environment> {
  if (source.kind !== "mirror") return {};
  const path = privatePath(search.folder, "cli.tfrc");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, mirrorConfig(source.path, providerAddress(search.binary)));
  return { [configVariable]: path };
}

/** Every command warns about a TF_CLI_CONFIG_FILE that does not exist, in the middle of its JSON. */
export function withoutMissingConfig(env: Environment): Environment {
  const named = env[configVariable];
  return named === undefined || existsSync(named) ? env : { ...env, [configVariable]: undefined };
}

/** Takes the provider from the mirror only, and everything else from its usual source. */
export function mirrorConfig(mirror: string, address: string): string {
  const provider = JSON.stringify([address]);
  return `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ${provider}
  }
  direct {
    exclude = ${provider}
  }
}
`;
}

export function acceptsVersion(version: string): boolean {
  const match = /^(\d+)\.(\d+)\.\d+$/.exec(version);
  if (match === null) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return (major === 5 && minor >= 100) || major === 6;
}

/** The AWS provider's address, which names the registry of each product. */
export function providerAddress({ product }: Pick<TerraformBinary, "product">): string {
  return `${product === "tofu" ? "registry.opentofu.org" : "registry.terraform.io"}/hashicorp/aws`;
}

function wantedProvider(binary: TerraformBinary, version: string | undefined): WantedProvider {
  return {
    address: providerAddress(binary),
    platform: binary.platform,
    accepts: version === undefined ? acceptsVersion : (one) => one === version,
  };
}

/** The files that each product reads by default, or the one that TF_CLI_CONFIG_FILE names. */
function userConfigs({ binary, env }: MirrorSearch): readonly string[] {
  const named = env[configVariable] ?? "";
  if (named !== "" && existsSync(named)) return [named];
  const home = env["HOME"] ?? "";
  const xdg = env["XDG_CONFIG_HOME"] ?? "";
  return [
    ...(home !== "" && binary.product === "tofu" ? [join(home, ".tofurc")] : []),
    ...(home === "" ? [] : [join(home, ".terraformrc")]),
    ...(xdg !== "" && binary.product === "tofu" ? [join(xdg, "opentofu", "tofurc")] : []),
  ];
}

/** https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories */
function impliedFolders({ folder, env, binary }: MirrorSearch): readonly string[] {
  const home = env["HOME"] ?? "";
  const mac = binary.platform.startsWith("darwin");
  const dataHome = mac
    ? join(home, "Library", "Application Support")
    : env["XDG_DATA_HOME"] || join(home, ".local", "share");
  const dataDirs = mac
    ? ["/Library/Application Support"]
    : (env["XDG_DATA_DIRS"] || "/usr/local/share:/usr/share").split(":");
  const app = mac ? "io.terraform" : "terraform";
  return [
    join(folder, "terraform.d", "plugins"),
    join(home, ".terraform.d", "plugins"),
    ...[dataHome, ...dataDirs].map((path) => join(path, app, "plugins")),
  ];
}

/** Not the home folder: what a user has cloned or unpacked there is not theirs. */
const usualRoots: readonly string[] = ["/opt", "/usr/local/share", "/usr/share", "/var/lib"];
const configVariable = "TF_CLI_CONFIG_FILE";
/** As in the templates' required_providers; acceptsVersion is the same in code. */
export const versionRange = ">= 5.100, < 7";
