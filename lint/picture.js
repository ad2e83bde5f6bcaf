import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

/**
 * Draws the rooms and their imports into docs/architecture.md, from what dependency-cruiser sees. An arrow that follows from two others is left out.
 * `--check` changes nothing and ends with 1 when the drawing there is another one.
 */
const page = new URL("../docs/architecture.md", import.meta.url);
const [begin, end] = ["<!-- drawn by npm run picture -->\n", "<!-- end of the drawing -->"];

const room = (path) =>
  /^src\/(release\/(?:observe|strategy|plan|run|pause|parts))(?:\/|\.ts$)/.exec(path)?.[1] ??
  /^src\/([^/]+?)(\.ts)?(\/|$)/.exec(path)?.[1] ??
  /^sandbox(?=\/src\/)/.exec(path)?.[0];

function readArrows() {
  const args = [
    "--config",
    ".dependency-cruiser.js",
    "--output-type",
    "json",
    "src",
    "sandbox/src",
  ];
  const text = execFileSync("depcruise", args, { encoding: "utf8", maxBuffer: 1 << 28 });
  const arrows = new Map();
  for (const { source, dependencies } of JSON.parse(text).modules) {
    const from = room(source);
    if (from === undefined) continue;
    if (!arrows.has(from)) arrows.set(from, new Set());
    for (const { resolved } of dependencies) {
      const to = room(resolved);
      if (to !== undefined && to !== from) arrows.get(from).add(to);
    }
  }
  return arrows;
}

function reaches(arrows, from, to, seen = new Set()) {
  for (const next of arrows.get(from) ?? []) {
    if (next === to) return true;
    if (!seen.has(next) && (seen.add(next), reaches(arrows, next, to, seen))) return true;
  }
  return false;
}

function draw(arrows) {
  const lines = [...arrows].flatMap(([from, all]) =>
    [...all]
      .filter((to) => ![...all].some((other) => other !== to && reaches(arrows, other, to)))
      .map((to) => `  ${from} --> ${to}`),
  );
  return `${begin}\`\`\`mermaid\nflowchart TD\n${lines.toSorted().join("\n")}\n\`\`\`\n`;
}

const text = readFileSync(page, "utf8");
const start = text.indexOf(begin);
const rest = text.slice(text.indexOf(end));
const drawn = text.slice(0, start) + draw(readArrows()) + rest;
if (!process.argv.includes("--check")) {
  writeFileSync(page, drawn);
} else if (drawn !== text) {
  process.stderr.write(
    "The drawing in docs/architecture.md is not of these imports: npm run picture\n",
  );
  process.exitCode = 1;
}
