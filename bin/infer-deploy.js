#!/usr/bin/env node
// Plain old syntax, so that an old Node can parse this file and report that it is too old.
const parts = process.versions.node.split(".");
if (Number(parts[0]) < 22 || (Number(parts[0]) === 22 && Number(parts[1]) < 12)) {
  process.stderr.write(
    `infer-deploy needs Node 22.12 or newer; this is ${process.version}. Install a newer one, for example: npm install --global node@24\n`,
  );
  process.exitCode = 64;
} else {
  import("../dist/cli.js").then((cli) => cli.main(process.argv));
}
