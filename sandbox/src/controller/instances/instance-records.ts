import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../../client/state-file.ts";
import { instanceFolder, seedFolder } from "./instance-argv.ts";
import type { InstancePhase } from "./plan-instances.ts";

/** The phases, recorded on disk because they outlive the controller: a lost instance must not look like a new one. */
export async function readPhases(folder: string): Promise<Map<string, InstancePhase>> {
  const ids = await readdir(join(folder, "instances")).catch(() => []);
  const read = ids.map(async (id): Promise<[string, InstancePhase][]> => {
    const phase = await readFile(join(instanceFolder(folder, id), "phase"), "utf8").catch(() => "");
    return phase === "launched" || phase === "halted" ? [[id, phase]] : [];
  });
  return new Map((await Promise.all(read)).flat());
}

export async function writePhase(folder: string, id: string, phase: InstancePhase): Promise<void> {
  await writeAtomically(join(instanceFolder(folder, id), "phase"), phase);
}

/** Writes cloud-init's files. The user-data is the launch template's, byte for byte. */
export async function writeSeed(folder: string, id: string, userData: Buffer): Promise<void> {
  await mkdir(seedFolder(folder, id), { recursive: true });
  await writeFile(join(seedFolder(folder, id), "user-data"), userData);
  await writeFile(
    join(seedFolder(folder, id), "meta-data"),
    `instance-id: ${id}\nlocal-hostname: ${id}\n`,
  );
}

export async function forgetInstance(folder: string, id: string): Promise<void> {
  await rm(instanceFolder(folder, id), { recursive: true, force: true });
}
