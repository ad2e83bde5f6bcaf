import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { repository } from "../_helpers/cli.ts";

const exec = promisify(execFile);

test("the package runs alone: the libraries that it needs are part of its files", async () => {
  const { bin, files, ...rest } = await readPackage();
  expect(rest).not.toHaveProperty("dependencies");
  const folder = await mkdtemp(join(tmpdir(), "package-"));
  try {
    for (const path of [...files, "package.json", "examples/embeddings/infer-deploy.yml"]) {
      await cp(join(repository, path), join(folder, path), { recursive: true });
    }
    const cli = join(folder, bin["infer-deploy"]);
    const { stdout: version } = await exec(process.execPath, [cli, "--version"]);
    expect(version).toBe(`${rest.version}\n`);
    // Reads the config, asks AWS who this is, and fails there: by then nearly all of the program is loaded.
    const env = { PATH: process.env["PATH"], AWS_EC2_METADATA_DISABLED: "true", HOME: folder };
    const cwd = join(folder, "examples/embeddings");
    const asked = exec(process.execPath, [cli, "releases"], { cwd, env });
    await expect(asked).rejects.toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/credentials/i) as unknown,
    });
    const licences = await readFile(join(folder, "dist", "third-party-licenses.txt"), "utf8");
    for (const name of ["@aws-sdk/client-s3", "commander", "execa", "yaml", "zod"]) {
      expect(licences).toContain(`Name: ${name}\n`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("npm packs what the browser gets, and everything that the sandbox's images are built from, although sandbox/ is a workspace", async () => {
  const packing = ["pack", "--dry-run", "--json", "--ignore-scripts", "--offline"];
  const { stdout } = await exec("npm", packing, { cwd: repository });
  const [packed] = JSON.parse(stdout) as { readonly files: readonly { readonly path: string }[] }[];
  const folders = ["base", "instance", "region"].map(async (part) => {
    const entries = await readdir(join(repository, "sandbox", part), {
      recursive: true,
      withFileTypes: true,
    });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".pyc"))
      .map((entry) => relative(repository, join(entry.parentPath, entry.name)));
  });
  const paths = packed?.files.map(({ path }) => path) ?? [];
  const page = ["index.html", "page.js", "page.css", "icon.svg", "third-party-licenses.txt"];
  expect(paths).toEqual(expect.arrayContaining(page.map((name) => `dist/page/${name}`)));
  expect(paths).toEqual(expect.arrayContaining((await Promise.all(folders)).flat()));
});

async function readPackage() {
  return JSON.parse(await readFile(join(repository, "package.json"), "utf8")) as {
    readonly version: string;
    readonly bin: { readonly "infer-deploy": string };
    readonly files: readonly string[];
  };
}
