import { createHash } from "node:crypto";
import type { Stack } from "../../stack/stack.ts";
import { githubPolicies } from "./github-policies.ts";
import { renderInstanceFiles } from "./instance-files.ts";
import { templatesUnder, type Files } from "./files.ts";

/**
 * The files of the folder that Terraform runs in. `templates` holds the files of templates/, by path.
 * The user's values go to terraform.tfvars.json only: in .tf and .tf.json files Terraform would evaluate a text such
 * as `${file("/etc/passwd")}`.
 * Throws when a template is missing, a part of the agent cannot be joined or a backend name has unusual characters.
 */
export function renderStack(stack: Stack, templates: Files): Files {
  const files = new Map<string, string>();
  for (const [path, content] of templatesUnder(templates, "terraform/root/")) {
    const rendered = renderRoot(content, stack);
    files.set(path, path.endsWith(".tf") ? header + rendered : rendered);
  }
  for (const module of stack.modules) {
    for (const [path, content] of templatesUnder(templates, `terraform/modules/${module}/`)) {
      files.set(`modules/${module}/${path}`, path.endsWith(".tf") ? header + content : content);
    }
  }
  const topologies = (["fleet", "single"] as const).filter((topology) =>
    stack.modules.includes(topology === "fleet" ? "fleet" : "machine"),
  );
  for (const [name, text] of topologies.flatMap((one) => [
    ...renderInstanceFiles(one, templates),
  ])) {
    files.set(`instance/${name}`, text);
  }
  if (stack.modules.includes("github")) {
    for (const [path, content] of githubPolicies(stack)) files.set(path, content);
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

/**
 * Templates are valid HCL or Markdown: comments surround what depends on a module or on what is known, and backend names
 * are @placeholders@ in strings.
 */
function renderRoot(template: string, stack: Stack): string {
  const parts: ReadonlySet<string> = new Set([
    ...stack.modules,
    ...stack.knowledge,
    ...(stack.modules.includes("dns") ? [] : ["plain"]),
    stack.serves === "single" ? "serves-machine" : "serves-fleet",
    ...(stack.modules.includes("cloudfront") || stack.serves === "single" ? [] : ["direct"]),
    ...(stack.modules.includes("address") && !stack.modules.includes("dns")
      ? ["zone-of-machine"]
      : []),
    stack.serves === "single" ? "moved-from-machine" : "moved-from-fleet",
    ...partsOfMove(stack),
    ...(stack.modules.includes("alerts")
      ? [stack.modules.includes("dns") ? "alerts-dns" : "alerts-plain"]
      : []),
    ...(stack.variables.budget === undefined
      ? []
      : [stack.variables.budget.joins_alerts ? "budget-joined" : "budget-apart"]),
    statePart[stack.backend.kind],
  ]);
  const lines: string[] = [];
  // One within another: a line is kept when all parts around it are.
  const around: boolean[] = [];
  for (const line of template.split("\n")) {
    const marker = markers.exec(line);
    if (marker !== null) {
      const part = marker.groups?.["hcl"] ?? marker.groups?.["markdown"];
      if (part === undefined) around.pop();
      else around.push(parts.has(part));
    } else if (!around.includes(false) && !isUnknown(line, stack)) {
      lines.push(line.replace(placeholder, (_, name: string) => quoteName(name, stack)));
    }
  }
  return lines.join("\n");
}

/** What a load balancer does that the names soon leave, and how the machine gets a certificate for names that do not lead to it yet. */
function partsOfMove({ modules, topology }: Stack): readonly string[] {
  const leavesFleet = topology === "single" && modules.includes("fleet");
  const proves = leavesFleet && modules.includes("address") ? "record" : "port";
  return [
    ...(leavesFleet ? ["leaves-fleet"] : []),
    ...(modules.includes("machine") ? [`proves-by-${proves}`] : []),
  ];
}

/** What the templates call the part for each place of the state. */
const statePart = {
  s3: "state-in-bucket",
  local: "state-in-file",
  cloud: "state-in-cloud",
} as const;

/** Leaves out a backend argument that is not known: `terraform init -backend-config` sets it. */
function isUnknown(line: string, { backend }: Stack): boolean {
  return backend.bucket === null && line.includes('"@bucket@"');
}

/** The backend block accepts no variables. Its names are infer-deploy's own or checked, so unusual characters are a mistake. */
function quoteName(name: string, stack: Stack): string {
  const value = new Map(Object.entries(stack.backend)).get(name);
  if (typeof value !== "string" || !/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(value)) {
    throw new Error(`The backend's ${name} cannot be written: ${JSON.stringify(value)}`);
  }
  return `"${value}"`;
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

const header = `# Written by infer-deploy. You can keep it: this folder needs nothing but terraform.
# Settings are in terraform.tfvars.json; "infer-deploy up" writes this file anew.

`;

const placeholder = /"@([a-z]+)@"/g;

const markers =
  /^ *(?:# <(?:if (?<hcl>[a-z-]+)|end [a-z-]+)>|<!-- <(?:if (?<markdown>[a-z-]+)|end [a-z-]+)> -->)$/;
