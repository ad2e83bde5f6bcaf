import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { repository } from "../../_helpers/cli.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";

/** Servers that others have written, as their documentation starts them: examples/litserve and examples/bentoml. */
let project: Project;

beforeAll(async () => {
  project = await createProject("model-servers");
});

afterAll(async () => {
  await project.remove();
});

test("LitServe answers behind the address, and after a release", async () => {
  const url = await bringUp("litserve");
  const predict = async () => {
    const answer = await fetch(new URL("/predict", url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ lengths: [5.1, 3.5, 1.4, 0.2] }),
    });
    return answer.json();
  };
  expect(await predict()).toEqual({ kind: "setosa" });
  await project.succeed("release", "--version", "v2", ...(await project.buildArgs()));
  expect(await predict()).toEqual({ kind: "setosa" });
  await project.succeed("destroy", "--yes");
});

test("BentoML answers its own client", async () => {
  const url = await bringUp("bentoml");
  const call = `
import bentoml, sys
with bentoml.SyncHTTPClient(sys.argv[1]) as client:
    print(client.classify(lengths=[6.7, 3.0, 5.2, 2.3]))
`;
  // The client is in the image, with the server.
  const { stdout } = await execa("docker", [
    ...["run", "--rm", "--network", "host", "--tmpfs", "/home:mode=1777", "--env", "HOME=/home"],
    ...["infer-deploy-build/bentoml:latest", "venv/bin/python", "-c", call, url],
  ]);
  expect(stdout.trim()).toBe("virginica");
  await project.succeed("destroy", "--yes");
});

/** Deploys an example as it is, but for its number of instances and the time that a release watches. Resolves to the address. */
async function bringUp(name: string): Promise<string> {
  const file = join(repository, "examples", name, "infer-deploy.yml");
  const config = parse(await readFile(file, "utf8")) as Readonly<Record<string, object>>;
  await project.configure({
    ...config,
    image: { ...config["image"], context: contextFor(project, `examples/${name}`) },
    instances: { type: "t3.small", min: 1, max: 2 },
    protection: false,
    release: { bake: "5s" },
  });
  const up = await project.succeed("up", "--yes", "--json", ...(await project.buildArgs()));
  return (JSON.parse(up.stdout) as { readonly url: string }).url;
}
