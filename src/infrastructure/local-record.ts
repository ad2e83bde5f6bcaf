import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseStackRecord, stackKey, type StackRecord } from "../state/stack-record.ts";

/** Names a stack in any account. */
export interface StackName {
  readonly name: string;
  readonly environment: string;
  readonly region: string;
}

/**
 * Where this machine keeps a stack's files between two runs. All checkouts share the folder, so that the next run finds a state that could
 * not be saved. It is outside the project, which is often the build context too: a `COPY . .` would put plans into the image.
 */
export function stackFolder(stateFolder: string, account: string, stack: StackName): string {
  const { name, environment, region } = stack;
  return join(stateFolder, "stacks", account, region, name, environment);
}

/** A copy of stack.json, so that `render` needs no AWS. */
export async function writeLocalRecord(folder: string, record: StackRecord): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, stackKey), `${JSON.stringify(record, undefined, 2)}\n`);
}

/** The stacks of this name that this machine has brought up, one for each account. Unreadable copies are left out. */
export async function readLocalRecords(
  stateFolder: string,
  stack: StackName,
): Promise<readonly StackRecord[]> {
  const accounts = await readdir(join(stateFolder, "stacks")).catch(() => []);
  const found = await Promise.all(
    accounts.map(async (account) => {
      const file = join(stackFolder(stateFolder, account, stack), stackKey);
      return readFile(file, "utf8")
        .then((text) => parseStackRecord(JSON.parse(text)))
        .catch(() => undefined);
    }),
  );
  return found
    .filter((record) => record !== undefined)
    .toSorted((one, other) => (one.account < other.account ? -1 : 1));
}
