import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "../../process/make-folder.ts";
import type { StackName } from "../local-record.ts";
import type { StatePlace } from "./state-place.ts";

/**
 * A state in a file below `home`, with a folder for each account, region and stack: the same project may be up in several. The folder is for
 * this user alone, and Git ignores it.
 */
export function stateInFile(home: string, account: string, stack: StackName): StatePlace {
  const { name, environment, region } = stack;
  const file = join(home, account, region, name, environment, "terraform.tfstate");
  return {
    backend: "local",
    name: file,
    init: { backendConfig: { path: file } },
    serial: async () => {
      const text = await readFile(file, "utf8").catch(ifMissing);
      // An empty file is one that was prepared, and whose apply did not begin.
      if (text === undefined || text === "") return undefined;
      const { serial } = JSON.parse(text) as { readonly serial?: unknown };
      return typeof serial === "number" ? serial : undefined;
    },
    prepare: async () => {
      makeFolder(dirname(file), 0o700);
      await writeFile(join(home, ".gitignore"), "*\n");
      // Terraform writes into the file that is there, and so keeps its mode.
      await writeFile(file, "", { flag: "wx", mode: 0o600 }).catch(ifThere);
    },
    remove: async () => {
      await rm(dirname(file), { recursive: true, force: true });
    },
  };
}

function ifMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}

function ifThere(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
}
