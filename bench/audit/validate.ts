import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { createRun } from "../../src/process/programs/execa-run.ts";
import { desiredStack } from "../../src/stack/stack.ts";
import type { Files } from "../../src/terraform/render/files.ts";
import { renderStack } from "../../src/terraform/render/render-stack.ts";
import { loadTemplates } from "../../src/terraform/render/template-files.ts";
import { writeFiles } from "../../src/terraform/render/write-files.ts";
import { findTerraform } from "../../src/terraform/run/binary.ts";
import { configureProviderSource, findProviderSource } from "../../src/terraform/run/mirror.ts";
import { checkHostile } from "../../test/_helpers/hostile-check.ts";
import { hostileFiles, hostileText, marker } from "../../test/_helpers/hostile-files.ts";
import { stackFacts } from "../../test/_helpers/stack-values.ts";
import { held, type BoundRow } from "../groups.ts";
import { output } from "./programs.ts";

/**
 * Folders of generated configurations for the real terraform, with more hostile text in their tags than the schema allows. Each folder is a
 * module of a batch, because `validate` starts the provider each time and looks at the values of a module, but not at those of a root. Then
 * `terraform console` says what it has read from the folder's values.
 */
export async function validate(folder: string): Promise<readonly BoundRow[]> {
  const batch = join(folder, "validate");
  const terraform = await openTerraform(batch);
  const stacks = await renderStacks();
  const failures: string[] = [];
  for (let from = 0; from < stacks.length; from += batchSize) {
    await rm(batch, { recursive: true, force: true });
    const modules = stacks.slice(from, from + batchSize);
    await writeBatch(batch, modules);
    const failed = (error: unknown): void => void failures.push(String(error));
    await terraform({ cwd: batch }, "init", "-backend=false", "-input=false").catch(failed);
    await terraform({ cwd: batch }, "validate", "-no-color").catch(failed);
  }
  let evaluated = 0;
  for (const files of stacks) {
    if (!(await arrives(files, join(folder, "console"), terraform))) evaluated += 1;
  }
  return [
    {
      configurations: stacks.length,
      "refused by validate": failures.length,
      evaluated,
      first: failures[0] ?? "",
      ...held("all valid, none evaluated", failures.length === 0 && evaluated === 0),
    },
  ];
}

type Terraform = (
  where: { readonly cwd: string; readonly input?: string },
  ...args: readonly string[]
) => Promise<string>;

async function openTerraform(folder: string): Promise<Terraform> {
  const binary = await findTerraform(createRun(), process.env);
  const search = { binary, folder: join(folder, "..", "provider"), env: process.env };
  const source = await configureProviderSource(search, findProviderSource(search));
  return async (where, ...args) =>
    output({ file: binary.file, args, ...where, env: { ...source, CHECKPOINT_DISABLE: "1" } });
}

async function renderStacks(): Promise<readonly Files[]> {
  const templates = await loadTemplates();
  const samples = fc.sample(fc.tuple(hostileFiles(), hostileText), 3 * howMany);
  const rendered = samples.flatMap(([file, text]) => {
    const outcome = checkHostile(file, templates);
    if (outcome.kind === "refused") return [];
    const { config } = outcome;
    // `up` makes the rule group of the API keys before it renders.
    const facts = { ...stackFacts(), keyGroup: "arn:aws:wafv2:eu-west-1:1:regional/rulegroup/a/1" };
    const stack = desiredStack({ ...config, tags: { ...config.tags, text } }, facts);
    return [renderStack(stack, templates)];
  });
  if (rendered.length < howMany) throw new Error(`only ${rendered.length} were accepted`);
  return rendered.slice(0, howMany);
}

async function writeBatch(batch: string, modules: readonly Files[]): Promise<void> {
  await mkdir(batch, { recursive: true });
  const calls = modules.map((files, index) => {
    const read = `jsondecode(file("./c${index}/${values}"))`;
    const variables = Object.keys(valuesOf(files)).map((name) => `  ${name} = ${read}.${name}`);
    return `module "c${index}" {\n  source = "./c${index}"\n${variables.join("\n")}\n}\n`;
  });
  await writeFile(join(batch, "main.tf"), calls.join("\n"));
  await Promise.all(
    modules.map(async (files, index) => writeFiles(join(batch, `c${index}`), files)),
  );
}

/** Whether terraform reads the hostile texts of the folder's values as they were written, but for its Unicode normalisation. */
async function arrives(files: Files, folder: string, terraform: Terraform): Promise<boolean> {
  await rm(folder, { recursive: true, force: true });
  // Without the modules, so that nothing has to be initialised.
  const kept = ["variables.tf", values].map((path) => [path, files.get(path) ?? ""] as const);
  await writeFiles(folder, new Map(kept));
  const written = valuesOf(files);
  const all = Object.keys(written).map((name) => `var.${name}`);
  const answer = await terraform(
    { cwd: folder, input: `base64encode(jsonencode([${all.join(", ")}]))\n` },
    "console",
  );
  const read = Buffer.from(answer.trim().slice(1, -1), "base64").toString("utf8");
  const wanted = textsIn(written).map((text) => text.normalize("NFC"));
  return isDeepStrictEqual(textsIn(JSON.parse(read)).toSorted(), wanted.toSorted());
}

/** The hostile texts among the keys and values of JSON. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return value.includes(marker) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...textsIn(key), ...textsIn(inner)]);
}

function valuesOf(files: Files): Readonly<Record<string, unknown>> {
  return JSON.parse(files.get(values) ?? "") as Record<string, unknown>;
}

const values = "terraform.tfvars.json";
const howMany = 200;
const batchSize = 20;
