import { createHash } from "node:crypto";
import type { Stack } from "../../stack/stack.ts";
import { githubPolicies } from "./github-policies.ts";
import { joinAgent } from "./join-agent.ts";

/** Path relative to its folder, with forward slashes -> content. */
export type Files = ReadonlyMap<string, string>;

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
  for (const [name, text] of renderInstanceFiles(stack, templates)) {
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

function renderInstanceFiles({ modules }: Pick<Stack, "modules">, templates: Files): Files {
  return new Map([
    ...(modules.includes("fleet")
      ? instanceFiles.map((name) => [name, renderInstanceFile(name, templates)] as const)
      : []),
    ...(modules.includes("machine") ? renderSingleFiles(templates) : []),
  ]);
}

/** Files that every instance of a fleet gets; modules/fleet/user-data.tf says where they go. */
export const instanceFiles = [
  "boot.sh",
  "infer-deploy-agent",
  "infer-deploy-agent.service",
  "infer-deploy-app.service",
] as const;

/** Files of a single machine, which its user data fetches from the bucket: each one's source, and where modules/machine/user-data.tf puts it. */
export const singleFiles = [
  ["boot.sh", "/opt/infer-deploy/boot"],
  ["infer-deploy-slot", "/opt/infer-deploy/infer-deploy-slot"],
  ["infer-deploy-door", "/opt/infer-deploy/infer-deploy-door"],
  ["infer-deploy-single.service", "/etc/systemd/system/infer-deploy-agent.service"],
  ["infer-deploy-agent-slot.service", "/etc/systemd/system/infer-deploy-agent-blue.service"],
  ["infer-deploy-agent-slot.service", "/etc/systemd/system/infer-deploy-agent-green.service"],
  ["infer-deploy-app-slot.service", "/etc/systemd/system/infer-deploy-app-blue.service"],
  ["infer-deploy-app-slot.service", "/etc/systemd/system/infer-deploy-app-green.service"],
  ["infer-deploy-door.service", "/etc/systemd/system/infer-deploy-door.service"],
  ["infer-deploy-caddy.service", "/etc/systemd/system/infer-deploy-caddy.service"],
  ["infer-deploy-caddy.conf", "/etc/sysusers.d/infer-deploy-caddy.conf"],
] as const;

/**
 * By the sources of singleFiles, and bootstrap.py, which the user data has. Throws when a template is missing or a part cannot be joined.
 */
export function renderSingleFiles(templates: Files): Files {
  const programs = new Map([
    ["bootstrap.py", "bootstrap.py"],
    ["infer-deploy-slot", "slot.py"],
    ["infer-deploy-door", "door.py"],
  ]);
  const parts = new Map(
    ["instance/agent/", "instance/door/"]
      .flatMap((folder) => templatesUnder(templates, folder))
      .filter(([path]) => path.endsWith(".py")),
  );
  const render = (name: string): string => {
    const main = programs.get(name);
    return main === undefined
      ? templateAt(templates, `instance/${name}`)
      : joinAgent(parts, main, [...programs.values()]);
  };
  return new Map(
    ["bootstrap.py", ...singleFiles.map(([source]) => source)].map((name) => [name, render(name)]),
  );
}

/** The agent is written in parts and shipped as one file. */
function renderInstanceFile(name: (typeof instanceFiles)[number], templates: Files): string {
  if (name !== "infer-deploy-agent") {
    return templateAt(templates, `instance/${name}`);
  }
  const parts = templatesUnder(templates, "instance/agent/");
  return joinAgent(new Map(parts.filter(([path]) => path.endsWith(".py"))));
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

const header = `# Written by infer-deploy. You can keep it: this folder needs nothing but terraform.
# Settings are in terraform.tfvars.json; "infer-deploy up" writes this file anew.

`;

const placeholder = /"@([a-z]+)@"/g;

const markers =
  /^ *(?:# <(?:if (?<hcl>[a-z-]+)|end [a-z-]+)>|<!-- <(?:if (?<markdown>[a-z-]+)|end [a-z-]+)> -->)$/;
