import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { findWords } from "./find-words.ts";
import { proseOf } from "./prose.ts";
import words from "./words.json" with { type: "json" };

// Checks the English of the files that git knows, or of those that are named. Ends with 1 when a phrase of words.json is found.

const named = process.argv.slice(2);
const files =
  named.length > 0
    ? named
    : execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
        encoding: "utf8",
      })
        .split("\n")
        .filter((file) => file !== "" && existsSync(file));

const hits = files.flatMap((file) => {
  const prose = proseOf(file, readFileSync(file, "utf8"));
  return prose === null
    ? []
    : findWords(words, prose).map(
        ({ line, found, write }) => `${file}:${line}  "${found}": write ${write}\n`,
      );
});
process.stdout.write(`${hits.join("")}${hits.length} phrases of lint/words.json found\n`);
process.exitCode = hits.length === 0 ? 0 : 1;
