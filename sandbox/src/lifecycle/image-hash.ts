import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/**
 * Twelve hexadecimal digits that change with the path, the executable bit or the content of any file that an image is built from.
 * Build output, tests and documentation do not count.
 */
export async function hashFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !ignored.test(relative(folder, path).split(sep).join("/")))
    .toSorted();
  const hash = createHash("sha256");
  for (const path of paths) {
    const content = await readFile(path);
    const executable = ((await stat(path)).mode & 0o100) !== 0;
    hash
      .update(
        `${relative(folder, path).split(sep).join("/")}\0${executable ? "x" : "-"}\0${content.length}\0`,
      )
      .update(content);
  }
  return hash.digest("hex").slice(0, 12);
}

const ignored =
  /(^|\/)(__pycache__|\.venv|\.pytest_cache|tests?)\/|\.pyc$|\.md$|(^|\/)test_[^/]*\.py$/;
