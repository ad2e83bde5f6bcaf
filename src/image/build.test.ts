import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Command, Run } from "../process/programs/run.ts";
import { buildImage } from "./build.ts";

const tag = "infer-deploy-build/app:latest";
const previous = "infer-deploy-build/app:previous";

/**
 * An engine that knows its images and their names. A build moves the name to the next image, and what had it stays without a name.
 * `writesId`: whether its client can write the id's file; `ids`: under which id the engine lists what was built.
 */
function fakeEngine({ writesId = true, ids = (id: string) => id } = {}) {
  const images = new Set<string>();
  const names = new Map<string, string>();
  const commands: Command[] = [];
  let next = "";
  const resolve = (name: string) => names.get(name) ?? (images.has(name) ? name : undefined);
  const run: Run = async (command) => {
    commands.push(command);
    const { args } = command;
    const done = (stdout = "", exitCode = 0) => ({ exitCode, stdout, stderr: "" });
    const last = args.at(-1) ?? "";
    if (args[0] === "buildx") return done("", 1);
    if (args[0] === "build") {
      images.add(ids(next));
      names.set(tag, ids(next));
      if (writesId) await writeFile(args[args.indexOf("--iidfile") + 1] ?? "", next);
      return done();
    }
    const id = resolve(last);
    if (args[0] === "image") {
      if (id === undefined) return done("", 1);
      const count = [...names.values()].filter((one) => one === id).length;
      return done(args.includes("{{.Id}}") ? id : String(count));
    }
    if (args[0] === "tag") names.set(last, resolve(args.at(-2) ?? "") ?? "");
    if (args[0] === "rmi") images.delete(last);
    return done();
  };
  const build = async (id: string, buildArgs: Readonly<Record<string, string>> = {}) => {
    next = id;
    const source = {
      context: "/app",
      dockerfile: "/app/Dockerfile",
      target: null,
      secrets: [],
      platform: "linux/amd64",
      tag,
    };
    const reporter = { notify: () => undefined };
    const { signal } = new AbortController();
    return (await buildImage(run, reporter, { ...source, buildArgs }, signal)).id;
  };
  return { images, names, commands, build };
}

test("of an app's builds two stay, and both have a name", async () => {
  const { build, images, names } = fakeEngine();
  for (const id of ["sha256:a", "sha256:b", "sha256:b", "sha256:c", "sha256:d"]) {
    expect(await build(id)).toBe(id);
  }
  expect([...images]).toEqual(["sha256:c", "sha256:d"]);
  expect([...names]).toEqual([
    [tag, "sha256:d"],
    [previous, "sha256:c"],
  ]);
});

test("a former build that someone named stays", async () => {
  const { build, images, names } = fakeEngine();
  await build("sha256:a");
  names.set("mine:1", "sha256:a");
  await build("sha256:b");
  await build("sha256:c");
  expect([...images]).toEqual(["sha256:a", "sha256:b", "sha256:c"]);
});

test("a client with its own /tmp: the id comes from the engine", async () => {
  expect(await fakeEngine({ writesId: false }).build("sha256:a")).toBe("sha256:a");
});

test("an engine that lists an image by its manifest: the id is the one that it knows", async () => {
  const { build } = fakeEngine({ ids: (id) => `${id}-manifest` });
  expect(await build("sha256:a")).toBe("sha256:a-manifest");
});

test("the values of build arguments are in no command line", async () => {
  const { build, commands } = fakeEngine();
  await build("sha256:a", { TOKEN: "hidden", PATH: "/opt/bin", http_proxy: "http://proxy" });
  const { args, env } = commands.find(({ args: [verb] }) => verb === "build") ?? { args: [] };
  expect(args.join(" ")).toContain(
    "--build-arg PATH=/opt/bin --build-arg TOKEN --build-arg http_proxy=http://proxy",
  );
  // Docker's own client would obey the other two.
  expect(env).toEqual({ TOKEN: "hidden" });
});
