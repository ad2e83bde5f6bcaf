#!/usr/bin/env node
// Prints the build arguments for the base images that bin/setup found or made, one argument a line.
import { readFileSync } from "node:fs";

const bases = JSON.parse(readFileSync(new URL("../.cache/bases.json", import.meta.url), "utf8"));
for (const [argument, image] of [
  ["NODE_IMAGE", bases.node],
  ["PYTHON_IMAGE", bases.python],
]) {
  console.log("--build-arg");
  console.log(`${argument}=${image}`);
}
