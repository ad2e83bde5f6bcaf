import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { shellWord, thisCommand } from "../errors/printed-commands.ts";
import { readDockerfile, type DockerfileFacts } from "./dockerfile.ts";

/** A Dockerfile, as infer-deploy.yml names it. */
export interface FoundDockerfile {
  readonly context: string;
  readonly dockerfile: string;
  readonly facts: DockerfileFacts;
}

/**
 * The Dockerfile of a folder: the one that was named, `Dockerfile`, or the only other one. Throws CommandError (64) when there is none, when
 * there are several, and when the file cannot be read or holds no image.
 */
export async function findDockerfile(
  folder: string,
  asked: string | undefined,
): Promise<FoundDockerfile> {
  const file = asked ?? (await onlyOne(folder));
  const path = resolve(folder, file);
  const shown = relative(folder, path);
  if (shown.startsWith("..") || isAbsolute(shown)) {
    throw refusal(
      `${file} is outside of this folder.`,
      "change to the folder above both, and run init there",
    );
  }
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw unreadable(shown, error as NodeJS.ErrnoException);
  });
  const facts = readDockerfile(text);
  if (facts === null) {
    throw refusal(
      `${shown} has no FROM, so no image can be built from it.`,
      "name the right file with --dockerfile FILE",
    );
  }
  const context = await contextOf(folder, path, facts.sources);
  return {
    context: slashes(relative(folder, context)) || ".",
    dockerfile: slashes(relative(context, path)),
    facts,
  };
}

async function onlyOne(folder: string): Promise<string> {
  const names = await dockerfilesIn(folder);
  if (names.includes("Dockerfile")) return "Dockerfile";
  const [first, ...others] = names;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined) throw severalError(names);
  const below = await inSubfolders(folder);
  if (below.length > 0) throw belowError(below);
  throw refusal(
    "There is no Dockerfile in this folder.",
    "write one, or change to its folder; docs/reference/instances.md says what a container may do",
    folder,
  );
}

function severalError(names: readonly string[]): CommandError {
  return new CommandError("There are several Dockerfiles here.", {
    exitCode: exitCodes.usage,
    detail: names,
    next: `${thisCommand} --dockerfile ${shellWord(names[0] ?? "")}`,
  });
}

function belowError(files: readonly string[]): CommandError {
  return new CommandError("There is no Dockerfile in this folder, but below it.", {
    exitCode: exitCodes.usage,
    detail: files,
    next: `${thisCommand} --dockerfile ${shellWord(files[0] ?? "")}`,
  });
}

async function dockerfilesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter(
      (entry) =>
        !entry.isDirectory() && /^(Dockerfile|Dockerfile\..+|.+\.Dockerfile)$/i.test(entry.name),
    )
    .map(({ name }) => name)
    .filter((name) => !name.endsWith(".dockerignore"))
    .toSorted();
}

async function inSubfolders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries
    .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$)/.test(entry.name))
    .map(async ({ name }) =>
      (await dockerfilesIn(join(folder, name)).catch(() => [])).map((file) => `${name}/${file}`),
    );
  return (await Promise.all(found)).flat().toSorted();
}

/** The folder that has what the Dockerfile copies: this one, or else the file's own. */
async function contextOf(
  folder: string,
  file: string,
  sources: readonly string[],
): Promise<string> {
  const own = dirname(file);
  if (own === folder) return folder;
  const hasAll = async (place: string) =>
    (await Promise.all(sources.map(async (source) => isThere(join(place, source))))).every(Boolean);
  return (await hasAll(own)) || !(await hasAll(folder)) ? own : folder;
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

function unreadable(shown: string, error: NodeJS.ErrnoException): CommandError {
  const why: Readonly<Record<string, string>> = {
    ENOENT: `There is no file ${shown}.`,
    EISDIR: `${shown} is a folder.`,
    EACCES: `This user may not read ${shown}.`,
  };
  return new CommandError(why[error.code ?? ""] ?? `${shown} cannot be read.`, {
    exitCode: exitCodes.usage,
    why: error.message,
    next: `name the right file with --dockerfile ${basename(shown)}`,
  });
}

function refusal(message: string, next: string, where?: string): CommandError {
  return new CommandError(message, {
    exitCode: exitCodes.usage,
    next,
    ...(where === undefined ? {} : { where }),
  });
}

function slashes(path: string): string {
  return path.split(sep).join("/");
}
