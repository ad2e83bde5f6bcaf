import { isDeepStrictEqual } from "node:util";
import { formatProblem } from "../../src/config/checks/problem.ts";
import { parseConfig } from "../../src/config/parse.ts";
import type { Config } from "../../src/config/schema/config.ts";
import { overlaySettings, settle } from "../../src/config/schema/settle.ts";
import { buildArgv, buildEnvironment } from "../../src/image/docker-argv.ts";
import { imageSource } from "../../src/image/source.ts";
import { containerSettings } from "../../src/release/plan/container-settings.ts";
import { desiredStack, type Stack } from "../../src/stack/stack.ts";
import type { Files } from "../../src/terraform/render/files.ts";
import { renderStack } from "../../src/terraform/render/render-stack.ts";
import { marker, type HostileFile } from "./hostile-files.ts";
import { stackFacts } from "./stack-values.ts";

export type HostileOutcome =
  | { readonly kind: "refused" }
  /** `texts`: how many hostile texts the configuration has. */
  | { readonly kind: "accepted"; readonly texts: number; readonly config: Config };

/**
 * Takes a file all the way: refused with problems, or a configuration, its Terraform folder, the arguments of `docker build` and the container's
 * settings. Throws when a step crashes, when a text has changed on its way, and when it is where a program would evaluate it.
 */
export function checkHostile({ text, value }: HostileFile, templates: Files): HostileOutcome {
  const parsed = parseConfig({ text, file: "f.yml", overrides: {} });
  if ("problems" in parsed) {
    for (const problem of parsed.problems) {
      const line = formatProblem(problem);
      require(/^f\.yml:\d+:\d+  \P{Cc}+$/u.test(line), `a problem on one line: ${line}`);
    }
    return { kind: "refused" };
  }
  const { config } = parsed;
  const settings = overlaySettings(value, "production");
  const wanted = settle(value.name, "production", settings.region ?? "", settings);
  require(isDeepStrictEqual(config, wanted), "the texts of the file, as they were written");
  const stack = desiredStack(config, stackFacts());
  const files = renderStack(stack, templates);
  checkFolder(stack, files);
  checkDocker(config);
  checkContainer(config);
  return { kind: "accepted", texts: JSON.stringify(config).split(marker).length - 1, config };
}

/** Terraform evaluates the texts of every file but terraform.tfvars.json. */
function checkFolder(stack: Stack, files: Files): void {
  // The backend block takes no variables. What is in it is the stack's name, or names of HCP Terraform.
  const names = [stack.name, stack.backend.organization ?? "", stack.backend.workspace ?? ""];
  require(names.every((name) => /^[\w-]*$/.test(name)), "names without characters of HCL");
  for (const [path, content] of files) {
    if (path === "terraform.tfvars.json") continue;
    const rest = names
      .filter((name) => name !== "")
      .reduce((text, name) => text.replaceAll(name, ""), content);
    require(!rest.includes(marker), `no text in ${path}`);
  }
  const variables: unknown = JSON.parse(files.get("terraform.tfvars.json") ?? "");
  require(isDeepStrictEqual(variables, stack.variables), "the variables, as they are");
}

/** Docker reads an argument that begins with a hyphen as an option, and takes the others as they are. */
function checkDocker(config: Config): void {
  const source = imageSource(config, "/project", {});
  const args = buildArgv({
    ...source,
    idFile: "/tmp/id",
    builder: "buildx",
  });
  for (const argument of args.filter((one) => one.includes(marker))) {
    require(!argument.startsWith("-"), `no option: ${argument}`);
  }
  const given = { ...config.image.buildArgs, ...buildEnvironment(source.buildArgs) };
  require(isDeepStrictEqual(given, config.image.buildArgs), "the build arguments, as they are");
}

function checkContainer(config: Config): void {
  const outputs = { log_groups: { app: "app", boot: "boot" } };
  const sent = containerSettings(config, outputs, {}, null);
  const read: unknown = JSON.parse(JSON.stringify(sent));
  require(isDeepStrictEqual(read, sent), "the container's settings, as they are");
}

function require(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`expected ${what}`);
}
