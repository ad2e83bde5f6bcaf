import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageName } from "../../../sandbox/src/lifecycle/images.ts";
import type { RunResult } from "../../../src/process/programs/run.ts";
import type { Topology } from "../../../src/config/schema/config.ts";
import { bundledFiles, renderInstanceFiles } from "../../../src/terraform/render/instance-files.ts";
import { loadTemplates } from "../../../src/terraform/render/template-files.ts";
import { run } from "../../_helpers/instance-containers.ts";
import { runShellcheck } from "../../_helpers/instance-shellcheck.ts";

let folder: string;
let instanceImage: string;
beforeAll(async () => {
  instanceImage = await imageName("instance");
  folder = await mkdtemp(join(tmpdir(), "infer-deploy-instance-files-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("the shell scripts pass shellcheck", async () => {
  expect(await runShellcheck(scripts)).toMatchObject({ exitCode: 0, stdout: "" });
});

test("systemd finds nothing wrong with the units", async () => {
  await writeInstance("fleet");
  const units = "/etc/systemd/system/infer-deploy-*.service";
  const check = `cp -r fleet/* / && systemd-analyze verify ${units}`;
  expect(await verify(folder, check)).toEqual(clean);
});

test("systemd finds nothing wrong with a single machine's units", async () => {
  await writeInstance("single");
  // The door installs Caddy's program.
  const prepare = "cp -r single/* / && install -D /bin/true /var/lib/infer-deploy/bin/caddy";
  const units = "/etc/systemd/system/infer-deploy-*.service";
  const check = `${prepare} && systemd-sysusers 2>/dev/null && systemd-analyze verify ${units}`;
  expect(await verify(folder, check)).toEqual(clean);
});

/** The files of an instance, at their places below a folder with the topology's name. */
async function writeInstance(topology: Topology): Promise<void> {
  const rendered = renderInstanceFiles(topology, await loadTemplates());
  for (const [source, path] of bundledFiles[topology]) {
    await mkdir(join(folder, topology, dirname(path)), { recursive: true });
    const mode = path.startsWith("/opt/") ? 0o755 : 0o644;
    await writeFile(join(folder, topology, path), rendered.get(source) ?? "", { mode });
  }
}

function verify(files: string, check: string): Promise<RunResult> {
  return run({
    file: "docker",
    args: [
      ...[
        "run",
        "--rm",
        "--network",
        "none",
        "--volume",
        `${files}:/files:ro`,
        "--workdir",
        "/files",
      ],
      ...["--entrypoint", "sh", instanceImage, "-c", check],
    ],
    writes: false,
  });
}

const clean = { exitCode: 0, stdout: "", stderr: "" };

const scripts = [
  "bin/demo",
  "bin/setup",
  "bin/test",
  "sandbox/base/make-debian",
  "sandbox/base/make-node",
  "sandbox/instance/init",
  "sandbox/instance/self-update",
  "templates/instance/boot.sh",
  "test/instance/run",
];
