import { symlink } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import type { Run } from "../process/programs/run.ts";

/**
 * The variables that lead docker to the user's engine when `configFolder` takes the place of the user's own configuration folder.
 * A named context is linked into it whole: with its address alone, and without its certificates, the password would go to the engine in clear.
 */
export async function engineOf(
  run: Run,
  configFolder: string,
): Promise<Readonly<Record<string, string | undefined>>> {
  const format = "{{.Name}}\t{{.Endpoints.docker.Host}}\t{{.Storage.MetadataPath}}";
  const args = ["context", "inspect", "--format", format];
  const result = await run({ file: "docker", args, writes: false });
  const [name = "", address = "", metadata = ""] = result.stdout.trim().split("\t");
  if (result.exitCode !== 0 || name === "") return {};
  // The context "default" is what DOCKER_HOST and DOCKER_CERT_PATH say; it is stored nowhere.
  if (!isAbsolute(metadata)) return address === "" ? {} : { DOCKER_HOST: address };
  // CONTEXTS/meta/ID/
  await symlink(dirname(dirname(metadata)), join(configFolder, "contexts"));
  return { DOCKER_CONTEXT: name, DOCKER_HOST: undefined };
}
