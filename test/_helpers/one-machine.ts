import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { StatusDocument } from "../../src/views/status/status.ts";
import { repository } from "./cli.ts";
import { contextFor, type Project } from "./project.ts";

type Keys = Readonly<Record<string, object>>;

/** The keys of examples/one-machine for one of its environments, with test/stream-app in place of its app. */
export async function oneMachine(
  project: Project,
  environment: "production" | "trial",
): Promise<Keys> {
  const file = join(repository, "examples", "one-machine", "infer-deploy.yml");
  const { environments, ...keys } = parse(await readFile(file, "utf8")) as Keys & {
    readonly environments: Record<typeof environment, object>;
  };
  return {
    ...keys,
    ...environments[environment],
    image: { ...keys["image"], context: contextFor(project, "test/stream-app") },
  };
}

/** Throws unless the stack is healthy. */
export async function healthyStatus(project: Project): Promise<StatusDocument> {
  return JSON.parse((await project.succeed("status", "--json")).stdout) as StatusDocument;
}
