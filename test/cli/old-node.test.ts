import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cliPath, repository } from "../_helpers/cli.ts";

/** Starts the program's own entry on a Node that says it has this version. */
async function startOn(version: string) {
  const preload = `
    Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });
    Object.defineProperty(process, "version", { value: "v${version}" });
  `;
  const url = `data:text/javascript,${encodeURIComponent(preload)}`;
  return new Promise<{ exitCode: number; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      ["--import", url, cliPath, "sandbox", "--nonsense"],
      (error, stdout, stderr) => {
        resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr });
      },
    );
  });
}

test.each(["12.22.0", "18.20.8", "20.20.2", "21.7.3", "22.11.0"])(
  "on Node %s it says in one line what it needs, and ends with 64",
  async (version) => {
    const result = await startOn(version);
    expect(result).toEqual({
      exitCode: 64,
      stdout: "",
      stderr: `infer-deploy needs Node 22.12 or newer; this is v${version}. Install a newer one, for example: npm install --global node@24\n`,
    });
  },
);

test.each(["22.12.0", "22.22.0", "24.0.0", "30.1.0"])("Node %s is new enough", async (version) => {
  const { stderr } = await startOn(version);
  expect(stderr).not.toContain("needs Node");
});

test("the package and the set-up name the same Node", async () => {
  const text = async (path: string) => readFile(join(repository, path), "utf8");
  const { engines } = JSON.parse(await text("package.json")) as { engines: { node: string } };
  const least = engines.node.replace(">=", "");
  for (const path of ["bin/infer-deploy.js", "bin/setup"]) {
    const named = [...(await text(path)).matchAll(/\bNode(?:\.js)? (\d+(?:\.\d+)?)/g)];
    expect(
      named.map(([, version]) => version),
      path,
    ).toEqual(named.map(() => least));
    expect(named, path).not.toEqual([]);
  }
});
