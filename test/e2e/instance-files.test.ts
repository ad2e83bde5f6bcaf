import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageName } from "../../sandbox/src/lifecycle/images.ts";
import type { RunResult } from "../../src/process/programs/run.ts";
import { renderSingleFiles, singleFiles } from "../../src/terraform/render/render-stack.ts";
import { loadTemplates } from "../../src/terraform/render/template-files.ts";
import { run } from "../_helpers/instance-containers.ts";
import { renderInstance } from "../_helpers/instance-seed.ts";
import { runShellcheck } from "../_helpers/instance-shellcheck.ts";

let folder: string;
let instanceImage: string;
beforeAll(async () => {
  instanceImage = await imageName("instance");
  folder = await mkdtemp(join(tmpdir(), "infer-deploy-instance-files-"));
  for (const [name, content] of await renderInstance()) {
    await writeFile(join(folder, name), content);
  }
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("the shell scripts pass shellcheck", async () => {
  expect(await runShellcheck(scripts)).toMatchObject({ exitCode: 0, stdout: "" });
});

test("systemd finds nothing wrong with the units", async () => {
  const prepare = `cp *.service /etc/systemd/system/ && install -D infer-deploy-agent /opt/infer-deploy/infer-deploy-agent`;
  const units = "infer-deploy-agent.service infer-deploy-app.service";
  expect(await verify(folder, `${prepare} && systemd-analyze verify ${units}`)).toEqual(clean);
});

test("systemd finds nothing wrong with a single machine's units", async () => {
  const rendered = renderSingleFiles(await loadTemplates());
  for (const [source, path] of singleFiles) {
    await mkdir(join(folder, "single", dirname(path)), { recursive: true });
    const mode = path.startsWith("/opt/") ? 0o755 : 0o644;
    await writeFile(join(folder, "single", path), rendered.get(source) ?? "", { mode });
  }
  // The door installs Caddy's program.
  const prepare = "cp -r single/* / && install -D /bin/true /var/lib/infer-deploy/bin/caddy";
  const units = "/etc/systemd/system/infer-deploy-*.service";
  const check = `${prepare} && systemd-sysusers 2>/dev/null && systemd-analyze verify ${units}`;
  expect(await verify(folder, check)).toEqual(clean);
});

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
