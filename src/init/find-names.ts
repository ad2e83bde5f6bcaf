import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseKnownFiles } from "@smithy/core/config";
import { serviceName } from "./service-name.ts";

/** A name for the service: its package's, or the folder's. */
export async function suggestName(folder: string): Promise<string> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(() => "{}");
  return serviceName(packageName(text)) ?? serviceName(basename(folder)) ?? "app";
}

function packageName(text: string): string {
  try {
    const { name } = JSON.parse(text) as { readonly name?: unknown };
    return typeof name === "string" ? name : "";
  } catch {
    return "";
  }
}

/** AWS_REGION, AWS_DEFAULT_REGION or the profile's region, in the order of AWS's own tools. */
export async function suggestRegion(
  env: Readonly<Record<string, string | undefined>>,
  profile: string | undefined,
): Promise<string | undefined> {
  const fromEnvironment = env["AWS_REGION"] || env["AWS_DEFAULT_REGION"];
  if (profile === undefined && fromEnvironment) return fromEnvironment;
  const profiles: Awaited<ReturnType<typeof parseKnownFiles>> = await parseKnownFiles({}).catch(
    () => ({}),
  );
  return (
    profiles[profile ?? env["AWS_PROFILE"] ?? "default"]?.["region"] ??
    (fromEnvironment || undefined)
  );
}
