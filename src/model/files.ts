import { createHash } from "node:crypto";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { ModelContent, ModelFile } from "../state/container-record.ts";
import type { WantedModel } from "./source.ts";

/** Throws CommandError (64) for a name that cannot be one of a file in a folder, and for more of them than a release's record can hold. */
export function checkFiles(names: readonly string[], source: string, where: string): void {
  if (names.length > mostFiles) {
    throw new CommandError(`${source} has ${names.length} files.`, {
      exitCode: exitCodes.usage,
      where,
      why: `a model has at most ${mostFiles}`,
      next: "name a longer prefix in model.source, or put the files into fewer ones",
    });
  }
  const known = new Set(names);
  const bad = names.find(
    (name) => !fileName.test(name) || foldersOf(name).some((one) => known.has(one)),
  );
  if (bad === undefined) return;
  throw new CommandError(`${source} has ${JSON.stringify(bad)}, which cannot be a file's path.`, {
    exitCode: exitCodes.usage,
    where,
    why: "a path has no empty part, no . or .. in it, and is not a folder of another file",
    next: "rename it, or name another prefix in model.source",
  });
}

/** The same for the same content, as far as the source says. */
export function revisionOf(files: readonly ModelFile[]): string {
  const facts = files
    .map(({ name, size, etag, version, sha256 }) => [name, size, etag, version, sha256])
    .toSorted(([one = ""], [other = ""]) => (one < other ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 16);
}

/** The files with the hashes of model.sha256. Throws CommandError (64) when they are of no file, or when the source says another one. */
export function withHashes(
  files: readonly ModelFile[],
  { settings, placeOf }: WantedModel,
): readonly ModelFile[] {
  const { sha256, source } = settings;
  const [only] = files;
  const hashes = Object.entries(sha256).map(
    ([name, hash]) =>
      [name === "" && files.length === 1 ? (only?.name ?? "") : name, hash] as const,
  );
  for (const [name, hash] of hashes) {
    const file = files.find((one) => one.name === name);
    const where = placeOf(["model", "sha256", ...(Object.hasOwn(sha256, "") ? [] : [name])]);
    if (file === undefined) {
      throw new CommandError(
        name === ""
          ? `model.sha256 is of one file, and ${source} has ${files.length}.`
          : `${source} has no file ${name}.`,
        {
          exitCode: exitCodes.usage,
          where,
          why: `it has ${someNames(files.map((one) => one.name))}`,
          next: "write model.sha256 as a map of file names with their hashes",
        },
      );
    }
    if (file.sha256 !== undefined && file.sha256 !== hash) {
      throw new CommandError(`${name} of ${source} has another SHA-256.`, {
        exitCode: exitCodes.usage,
        where,
        why: `the source says ${file.sha256}, and model.sha256 ${hash}`,
        next: "correct model.sha256, or model.source",
      });
    }
  }
  const byName = new Map(hashes);
  return files.map((file) => {
    const hash = byName.get(file.name);
    return hash === undefined ? file : { ...file, sha256: hash };
  });
}

/** What is different from the model that serves, although the source has the same name; undefined when nothing is. */
export function changeText(
  before: ModelContent | undefined,
  now: ModelContent | undefined,
): string | undefined {
  if (before === undefined || now === undefined || before.source !== now.source) return undefined;
  if (before.revision === now.revision) return undefined;
  const old = new Map(before.files.map((file) => [file.name, file]));
  const names = [
    ...now.files.filter((file) => isOther(old.get(file.name), file)).map(({ name }) => name),
    ...before.files
      .map(({ name }) => name)
      .filter((name) => !now.files.some((one) => one.name === name)),
  ];
  const revisions = `it was ${before.revision.slice(0, 12)}, and is ${now.revision.slice(0, 12)}`;
  const what = names.length === 0 ? "no file is different" : `${someNames(names)} changed`;
  return `${now.source} has changed under its name: ${revisions}; ${what}`;
}

export function someNames(names: readonly string[]): string {
  const [first = "", ...others] = names;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** All bytes of the files. */
export function bytesOf(files: readonly Pick<ModelFile, "size">[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

function isOther(before: ModelFile | undefined, now: ModelFile): boolean {
  const facts = ({ size, sha256, git_sha1: git, etag, version }: ModelFile) =>
    JSON.stringify([size, sha256 ?? git ?? [etag, version]]);
  return before === undefined || facts(before) !== facts(now);
}

function foldersOf(name: string): readonly string[] {
  const parts = name.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

const mostFiles = 1000;
/** No empty part, no . or .., no control character. */
const fileName =
  /^(?=.{1,1000}$)(?!\.{1,2}(?:\/|$))[^/\p{Cc}]+(?:\/(?!\.{1,2}(?:\/|$))[^/\p{Cc}]+)*$/u;
