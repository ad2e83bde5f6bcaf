import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageName } from "../../sandbox/src/lifecycle/images.ts";
import { run } from "../_helpers/instance-machine.ts";
import { renderInstance } from "../_helpers/instance-seed.ts";
import { runShellcheck } from "../_helpers/instance-shellcheck.ts";

let folder: string;
beforeAll(async () => {
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
  const units = "infer-deploy-agent.service infer-deploy-app.service";
  const prepare = `cp *.service /etc/systemd/system/ && install -D infer-deploy-agent /opt/infer-deploy/infer-deploy-agent`;
  const result = await run({
    file: "docker",
    args: [
      ...[
        "run",
        "--rm",
        "--network",
        "none",
        "--volume",
        `${folder}:/files:ro`,
        "--workdir",
        "/files",
      ],
      ...[
        "--entrypoint",
        "sh",
        await imageName("instance"),
        "-c",
        `${prepare} && systemd-analyze verify ${units}`,
      ],
    ],
    writes: false,
  });
  expect(result).toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

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
