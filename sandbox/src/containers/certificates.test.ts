import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Command } from "../../../src/process/programs/run.ts";
import { ensureRegistryCertificate, trustRoots } from "./certificates.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "certificates-"));
});
afterEach(() => rm(folder, { recursive: true }));

const pem = (kind: string, text: string) =>
  `-----BEGIN ${kind}-----\n${text}\n-----END ${kind}-----\n`;

test("the authority's key passes through no log, and only this user can read it", async () => {
  const commands: Command[] = [];
  const run = async (command: Command) => {
    commands.push(command);
    const made = [
      pem("PRIVATE KEY", "authority"),
      pem("CERTIFICATE", "authority"),
      pem("PRIVATE KEY", "registry"),
      pem("CERTIFICATE", "registry"),
    ];
    return { exitCode: 0, stdout: made.join(""), stderr: "" };
  };
  const state = { name: "demo", account: "123456789012", images: { region: "region:1" } };
  await ensureRegistryCertificate(run, state as never, folder);
  // Docker's default driver keeps what a container prints, also after the container is gone.
  expect(commands.map(({ args }) => args.join(" "))).toEqual([
    expect.stringMatching(/^run --rm .*--log-driver none .*region:1 /),
  ]);
  for (const [file, key] of [
    ["ca.key", "authority"],
    ["certs/tls.key", "registry"],
  ] as const) {
    expect(await readFile(join(folder, file), "utf8")).toBe(pem("PRIVATE KEY", key));
    expect((await stat(join(folder, file))).mode & 0o077).toBe(0);
  }
  await ensureRegistryCertificate(run, state as never, folder);
  expect(commands).toHaveLength(1);
});

test("roots are trusted after the sandbox's own authority, and each once", async () => {
  await mkdir(join(folder, "certs"));
  const path = join(folder, "certs", "ca.crt");
  const own = pem("CERTIFICATE", "own");
  await writeFile(path, own);
  const roots = `${pem("CERTIFICATE", "one")}${pem("CERTIFICATE", "two")}`;
  for (const text of [roots, pem("CERTIFICATE", "two"), "no certificate"])
    await trustRoots(folder, text);
  expect(await readFile(path, "utf8")).toBe(`${own}${roots}`);
});
