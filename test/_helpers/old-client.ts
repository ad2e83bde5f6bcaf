import { join } from "node:path";
import { execa } from "execa";
import { instanceImage } from "../../sandbox/src/lifecycle/images.ts";

/** Puts Docker's client 20.10 into the folder, as an instance has it. It builds with the engine's own BuildKit, also where there is no buildx. */
export async function installOldClient(folder: string): Promise<void> {
  const { stdout: id } = await execa("docker", ["create", await instanceImage("20.10")]);
  try {
    await execa("docker", ["cp", `${id}:/usr/bin/docker`, join(folder, "docker")]);
  } finally {
    await execa("docker", ["rm", id]);
  }
}
