import { EventEmitter } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRun } from "../../src/process/programs/execa-run.ts";
import { createInterrupts } from "../../src/process/interrupts.ts";
import { listOf, numberOf, recordOf, textOf } from "../../src/terraform/events/json.ts";
import { openTerraform } from "../../src/terraform/run/open.ts";
import type { Terraform, TerraformOptions } from "../../src/terraform/run/terraform.ts";

/** A separate folder for a root module from test/terraform/fixtures. */
export async function copyModule(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `infer-deploy-${name}-`));
  await cp(fileURLToPath(new URL(`../terraform/fixtures/${name}`, import.meta.url)), folder, {
    recursive: true,
  });
  return folder;
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

export interface StateFacts {
  readonly serial: number;
  /** Of every resource instance: its id, and whether terraform will replace it. */
  readonly resources: Readonly<Record<string, { readonly id: string; readonly tainted: boolean }>>;
}

/** The local state file; throws when it is missing or half written. */
export async function readStateFile(folder: string): Promise<StateFacts> {
  return readState(await readFile(join(folder, "terraform.tfstate"), "utf8"));
}

export function readState(text: string): StateFacts {
  const state = recordOf(JSON.parse(text));
  const resources = listOf(state["resources"]).flatMap((value) => {
    const resource = recordOf(value);
    return listOf(resource["instances"]).map((entry) => {
      const instance = recordOf(entry);
      const key = instance["index_key"];
      const address = `${textOf(resource["type"])}.${textOf(resource["name"])}${key === undefined ? "" : `[${JSON.stringify(key)}]`}`;
      return [
        address,
        {
          id: textOf(recordOf(instance["attributes"])["id"]),
          tainted: instance["status"] === "tainted",
        },
      ] as const;
    });
  });
  return { serial: numberOf(state["serial"]), resources: Object.fromEntries(resources) };
}

/** Names of the files that the module's resources made: what really exists, whatever the state says. */
export async function listMade(folder: string): Promise<readonly string[]> {
  const names: readonly string[] = await readdir(join(folder, "made")).catch(() => []);
  return names.toSorted();
}

/** The real terraform in the folder. Only the test interrupts it. */
export async function openFixture(
  folder: string,
  options: Partial<Omit<TerraformOptions, "folder">> = {},
): Promise<Terraform> {
  const interrupts = createInterrupts(new EventEmitter());
  return openTerraform({ run: createRun(), env: process.env, interrupts, ...options, folder });
}
