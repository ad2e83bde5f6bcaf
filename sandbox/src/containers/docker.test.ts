import { expect, test } from "vitest";
import { CommandError } from "../../../src/errors/command-error.ts";
import type { Run } from "../../../src/process/programs/run.ts";
import { docker, requireEngine } from "./docker.ts";

const answering =
  (exitCode: number, stderr = "", stdout = ""): Run =>
  async () => ({ exitCode, stdout, stderr });

test("an engine that answers is enough", async () => {
  await expect(requireEngine(answering(0))).resolves.toBeUndefined();
});

test.each([
  [
    "linux",
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.",
    /systemctl start docker/,
  ],
  ["darwin", "Cannot connect to the Docker daemon.", /open -a Docker/],
  [
    "linux",
    "permission denied while trying to connect to the Docker daemon socket",
    /usermod -aG docker/,
  ],
] as const)("on %s, %s", async (platform, stderr, next) => {
  const error = await caught(requireEngine(answering(1, stderr), platform));
  expect(error).toMatchObject({ exitCode: 64, why: stderr, next: expect.stringMatching(next) });
  expect(error.message).toBe("The sandbox needs a Docker engine, and no engine answers");
});

test("without the docker command, the error says how to install it", async () => {
  const absent: Run = () => Promise.reject(new CommandError("docker is not installed"));
  expect(await caught(requireEngine(absent, "linux"))).toMatchObject({
    exitCode: 64,
    next: "sudo apt-get install docker.io",
  });
});

test("a failing docker command is explained by docker's last line", async () => {
  const error = await caught(
    docker(answering(125, "docker: Error response from daemon.\nport is already allocated\n"), [
      "run",
      "x",
    ]),
  );
  expect(error).toMatchObject({ message: "docker run failed", why: "port is already allocated" });
});

async function caught(work: Promise<unknown>): Promise<CommandError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CommandError)) throw new Error("no CommandError was thrown");
  return error;
}
