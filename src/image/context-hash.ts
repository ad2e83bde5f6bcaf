import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import dockerignore from "@balena/dockerignore";
import type { ImageSource } from "./docker-argv.ts";

/**
 * SHA-256, in hex, over everything that a build can see: the context's files without those that .dockerignore excludes,
 * the Dockerfile, the build arguments, the stage, and the names of the build's secrets. Their values do not count, also not as files of the
 * context: a token that is renewed is no other source. Times and owners do not count, so a fresh clone has the same hash.
 */
export async function hashContext(
  inputs: Omit<ImageSource, "tag">,
  signal: AbortSignal,
): Promise<string> {
  const ignored = await readIgnore(inputs);
  const hash = createHash("sha256");
  hash.update(
    JSON.stringify([
      inputs.platform,
      Object.entries(inputs.buildArgs).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      // Only where there are any: without them the hash is that of earlier versions of this program.
      ...(inputs.target === null ? [] : [{ target: inputs.target }]),
      ...(inputs.secrets.length === 0
        ? []
        : [{ secrets: inputs.secrets.map(({ id }) => id).toSorted() }]),
    ]),
  );
  hash.update(await readFile(inputs.dockerfile, { signal }));
  const secrets = new Set(inputs.secrets.map(({ from, name }) => (from === "file" ? name : "")));
  for (const path of await listFiles(inputs.context, inputs.context, ignored)) {
    signal.throwIfAborted();
    const full = join(inputs.context, path);
    if (secrets.has(full)) continue;
    const stat = await lstat(full);
    const name = path.split(sep).join("/");
    if (stat.isSymbolicLink()) {
      hash.update(`\0link ${name}\0${await readlink(full)}`);
    } else if (stat.isFile()) {
      hash.update(`\0file ${name}\0${(stat.mode & 0o111) === 0 ? "-" : "x"}\0${stat.size}\0`);
      for await (const chunk of createReadStream(full, { signal })) {
        hash.update(chunk as Buffer);
      }
    } else if (!stat.isSocket()) {
      // Docker leaves sockets out, and takes pipes and devices by their name: opening a pipe would wait for its writer.
      hash.update(`\0special ${name}\0${stat.mode & constants.S_IFMT}`);
    }
  }
  return hash.digest("hex");
}

/** Whether a build would get the files below a folder: it is in the context, and .dockerignore does not leave it out. */
export async function isSent(
  inputs: Pick<ImageSource, "context" | "dockerfile">,
  folder: string,
): Promise<boolean> {
  const path = relative(inputs.context, folder);
  if (path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path)) return false;
  return path === "" || !(await readIgnore(inputs))(path);
}

type Ignored = (path: string) => boolean;

/** A Dockerfile's own DOCKERFILE.dockerignore comes before the context's (https://docs.docker.com/build/concepts/context/). */
async function readIgnore({
  context,
  dockerfile,
}: Pick<ImageSource, "context" | "dockerfile">): Promise<Ignored> {
  const text = await readFile(`${dockerfile}.dockerignore`, "utf8").catch(() =>
    readFile(join(context, ".dockerignore"), "utf8").catch(() => ""),
  );
  const rules = dockerignore.default().add(text);
  return (path) => rules.ignores(path);
}

/** Walks ignored folders too, because a later `!pattern` may include one of their files again. */
async function listFiles(
  root: string,
  folder: string,
  ignored: Ignored,
): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const lists = await Promise.all(
    entries.map(async (entry): Promise<readonly string[]> => {
      const path = relative(root, join(folder, entry.name));
      if (entry.isDirectory()) {
        return prunable.has(entry.name) && ignored(path)
          ? []
          : listFiles(root, join(folder, entry.name), ignored);
      }
      return ignored(path) ? [] : [path];
    }),
  );
  return lists.flat().toSorted();
}

/** Folders with so many files that they are not worth walking for a rule that includes one of them again. */
const prunable = new Set(["node_modules", ".git", ".venv", ".terraform"]);
