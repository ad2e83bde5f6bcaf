import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandError } from "../../errors/command-error.ts";
import { makeFolder } from "../../process/make-folder.ts";
import type { StateAddresses, StateOwner, StatePlace } from "./state-place.ts";

/** The same project may be up in several accounts and regions, so each of its stacks has a folder below `home`. */
export function stateFile(home: string, owner: StateOwner): string {
  const { account, region, name, environment } = owner;
  return join(home, account, region, name, environment, "terraform.tfstate");
}

/** A state in the file `addresses.local` below `home`, a folder that is for this user alone, and that Git ignores. */
export function stateInFile(
  home: string,
  owner: StateOwner,
  addresses: StateAddresses,
): StatePlace {
  const file = addresses.local;
  return {
    owner,
    addresses,
    backend: "local",
    name: file,
    init: { backendConfig: { path: file } },
    serial: async () => {
      const text = await readFile(file, "utf8").catch(ifMissing);
      // An empty file is one that was prepared, and whose apply did not begin.
      return text === undefined || text === "" ? undefined : serialOf(text, file);
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

/** Throws CommandError (1) when the file has something else than a state. */
function serialOf(text: string, file: string): number {
  let cause: unknown;
  try {
    const { serial } = JSON.parse(text) as { readonly serial?: unknown };
    if (typeof serial === "number") return serial;
  } catch (error) {
    cause = error;
  }
  throw new CommandError("Terraform's state cannot be read.", {
    where: file,
    why: "the file is not a state of Terraform, or a part of one",
    next: `bring the file back from a backup; Terraform keeps the state before the last change in ${file}.backup`,
    ...(cause === undefined ? {} : { cause }),
  });
}

function ifMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}

function ifThere(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
}
