import { createHash } from "node:crypto";
import type { Stack } from "../../stack/stack.ts";

/** Path relative to its folder, with forward slashes -> content. */
export type Files = ReadonlyMap<string, string>;

/**
 * The files of the folder that Terraform runs in. `templates` holds the files of templates/, by path.
 * The user's values go to terraform.tfvars.json only: in .tf and .tf.json files Terraform would evaluate a text such
 * as `${file("/etc/passwd")}`.
 * Throws when a template is missing or a backend name has unusual characters.
 */
export function renderStack(stack: Stack, templates: Files): Files {
  const files = new Map<string, string>();
  for (const [path, content] of templatesUnder(templates, "terraform/root/")) {
    files.set(path, header + renderRoot(content, stack));
  }
  for (const module of stack.modules) {
    for (const [path, content] of templatesUnder(templates, `terraform/modules/${module}/`)) {
      files.set(`modules/${module}/${path}`, path.endsWith(".tf") ? header + content : content);
    }
  }
  for (const name of instanceFiles) {
    files.set(`instance/${name}`, templateAt(templates, `instance/${name}`));
  }
  files.set("terraform.tfvars.json", `${JSON.stringify(sortKeys(stack.variables), null, 2)}\n`);
  return files;
}

/** SHA-256 over paths and contents, in hex. The order of the map does not matter. */
export function filesHash(files: Files): string {
  const hash = createHash("sha256");
  for (const path of [...files.keys()].toSorted()) {
    const content = files.get(path) ?? "";
    hash.update(`${path}\0${Buffer.byteLength(content)}\0${content}`);
  }
  return hash.digest("hex");
}

/** Files that every instance gets; modules/fleet/user-data.tf says where they go. */
export const instanceFiles = [
  "boot.sh",
  "infer-deploy-agent",
  "infer-deploy-agent.service",
  "infer-deploy-app.service",
] as const;

/** Templates are valid HCL: comments surround what depends on a module, and backend names are @placeholders@ in strings. */
function renderRoot(template: string, stack: Stack): string {
  const lines: string[] = [];
  let kept = true;
  for (const line of template.split("\n")) {
    const marker = /^ *# <(?:if (?<module>[a-z-]+)|end [a-z-]+)>$/.exec(line);
    if (marker !== null) {
      const module = marker.groups?.["module"];
      kept = module === undefined || stack.modules.some((name) => name === module);
    } else if (kept) {
      lines.push(line.replace(/"@([a-z]+)@"/g, (_, name: string) => quoteName(name, stack)));
    }
  }
  return lines.join("\n");
}

/** The backend block accepts no variables. Its three names are our own, so unusual characters are a mistake. */
function quoteName(name: string, stack: Stack): string {
  const value = new Map(Object.entries(stack.backend)).get(name);
  if (value === undefined || !/^[a-z0-9][a-z0-9./-]*$/.test(value)) {
    throw new Error(`The backend's ${name} cannot be written: ${JSON.stringify(value)}`);
  }
  return `"${value}"`;
}

function templatesUnder(templates: Files, folder: string): readonly (readonly [string, string])[] {
  const found = [...templates]
    .filter(([path]) => path.startsWith(folder))
    .map(([path, content]) => [path.slice(folder.length), content] as const);
  if (found.length === 0) {
    throw new Error(`There are no templates in ${folder}`);
  }
  return found;
}

function templateAt(templates: Files, path: string): string {
  const content = templates.get(path);
  if (content === undefined) {
    throw new Error(`There is no template ${path}`);
  }
  return content;
}

/** Keeps nulls: they show a reader that the variable is deliberately unset. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sortKeys);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}

const header = `# Made by infer-deploy. It is yours to keep: this folder runs with terraform alone.
# Settings are in terraform.tfvars.json; "infer-deploy up" writes this file anew.

`;
