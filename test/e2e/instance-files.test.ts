import { expect, test } from "vitest";
import { imageName } from "../../sandbox/src/lifecycle/images.ts";
import { run } from "../_helpers/instance-machine.ts";
import { instanceFiles, userData } from "../_helpers/instance-seed.ts";
import { runShellcheck } from "../_helpers/instance-shellcheck.ts";

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
        `${instanceFiles}:/files:ro`,
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

test("the user-data fits EC2's 16 KB with room for longer names", async () => {
  expect((await userData()).length).toBeLessThan(16 * 1024 - 512);
});

const scripts = [
  "bin/demo",
  "bin/setup",
  "bin/test",
  "sandbox/base/make-debian",
  "sandbox/base/make-node",
  "sandbox/instance/init",
  "templates/instance/boot.sh",
  "test/instance/run",
];
