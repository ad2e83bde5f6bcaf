import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hookFile, type HookName } from "../../src/hooks/hook.ts";
import { repository } from "./cli.ts";

/** Makes a shell script a hook of the project in the folder. */
export async function writeHook(folder: string, name: HookName, script: string): Promise<void> {
  const file = hookFile(folder, name);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, `#!/bin/sh\nset -eu\n${script}\n`, { mode: 0o755 });
}

export async function removeHooks(folder: string): Promise<void> {
  await rm(join(hookFile(folder, "pre-build"), ".."), { recursive: true, force: true });
}

/** A pre-release hook's script that removes the image from the registry after the push and before any instance pulls it. */
export const deleteImageScript = `cd '${repository}'
exec node --input-type=module --eval '
import { BatchDeleteImageCommand, ECRClient } from "@aws-sdk/client-ecr";
const { INFER_DEPLOY_IMAGE: image, INFER_DEPLOY_DIGEST: imageDigest } = process.env;
const repositoryName = image.slice(image.indexOf("/") + 1, image.indexOf("@"));
await new ECRClient().send(new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageDigest }] }));
'`;
