import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { repository } from "../../test/_helpers/cli.ts";
import { held, type BoundRow } from "../groups.ts";
import { output } from "./programs.ts";

/**
 * Checkov over what `render` writes for each environment of each example. A check is left out only by a comment next to the resource, with its
 * reason; src/terraform/render/checkov-skips.test.ts has the list.
 */
export async function checkov(folder: string): Promise<readonly BoundRow[]> {
  const program = await installCheckov(join(folder, "checkov"));
  const rows: BoundRow[] = [];
  const skipped = new Set<string>();
  const ofCloudfront = new Set<string>();
  const ofMachine = new Set<string>();
  for (const { example, environment } of await listEnvironments()) {
    const rendered = join(folder, "rendered", `${example}-${environment}`);
    await rm(rendered, { recursive: true, force: true });
    await render(folder, example, environment, rendered);
    const report = await check(program, rendered);
    for (const { check_id: rule, resource } of report.results.skipped_checks) {
      // The topic of alerts, without a key.
      if (resource.startsWith("module.alerts.")) continue;
      if (/^module\.machine(?:_address)?\./.test(resource)) ofMachine.add(rule);
      else (resource.startsWith("module.cloudfront.") ? ofCloudfront : skipped).add(rule);
    }
    const failed = report.results.failed_checks.map((one) => one.check_id).toSorted();
    const wanted = (await isProtected(rendered)) ? [] : [protectionRule];
    const { summary } = report;
    rows.push({
      case: `${example}, ${environment}`,
      passed: summary.passed,
      skipped: summary.skipped,
      failed: failed.length === 0 ? "0" : failed.join(", "),
      ...held(
        wanted.length === 0 ? "0 failed" : `0 failed but ${protectionRule}: not protected`,
        isDeepStrictEqual(failed, wanted) && summary.parsing_errors === 0,
      ),
    });
  }
  rows.push({
    case: "checks left out, with a reason",
    passed: "",
    skipped: skipped.size,
    failed: "",
    ...held(`${mostSkips} at most`, skipped.size <= mostSkips),
  });
  rows.push({
    case: "the same, of a distribution of CloudFront",
    passed: "",
    skipped: ofCloudfront.size,
    failed: "",
    ...held(`${mostOfCloudfront} at most`, ofCloudfront.size <= mostOfCloudfront),
  });
  rows.push({
    case: "the same, of one machine",
    passed: "",
    skipped: ofMachine.size,
    failed: "",
    ...held(`${mostOfMachine} at most`, ofMachine.size <= mostOfMachine),
  });
  return rows;
}

/** The parts of checkov's JSON that are used. */
interface Report {
  readonly summary: Readonly<Record<"passed" | "skipped" | "parsing_errors", number>>;
  readonly results: Readonly<
    Record<
      "failed_checks" | "skipped_checks",
      readonly { readonly check_id: string; readonly resource: string }[]
    >
  >;
}

async function check(program: string, rendered: string): Promise<Report> {
  const text = await output(
    {
      file: program,
      // Its rules are in the package. It would only ask the vendor's server for their guidelines.
      args: [
        ...["--directory", rendered, "--framework", "terraform"],
        ...["--skip-download", "--compact", "--output", "json"],
      ],
      // Before it has followed all values through the modules, it would stop at the fifth round that is much like the last but one. It does
      // at most 50 rounds, and fewer leave attributes that no rule judges.
      env: { LOG_LEVEL: "ERROR", RENDER_EDGES_DUPLICATE_ITER_COUNT: "50" },
    },
    // 1 means that a check failed.
    [0, 1],
  );
  return JSON.parse(text) as Report;
}

/** Outside of production a load balancer is not protected against deletion, unless the configuration says so. One machine has none. */
async function isProtected(rendered: string): Promise<boolean> {
  const text = await readFile(join(rendered, "terraform.tfvars.json"), "utf8");
  const { door, protection } = JSON.parse(text) as {
    readonly door?: object;
    readonly protection: boolean;
  };
  return protection || door !== undefined;
}

async function render(
  folder: string,
  example: string,
  environment: string,
  rendered: string,
): Promise<void> {
  await output({
    file: process.execPath,
    args: [
      join(repository, "bin", "infer-deploy.js"),
      ...["render", "--environment", environment, "--out", rendered],
      ...["--account", "123456789012", "--quiet"],
    ],
    cwd: join(repository, "examples", example),
    // An example that is applied from this machine would be rendered as it was applied.
    env: { XDG_STATE_HOME: join(folder, "state") },
  });
}

async function listEnvironments(): Promise<
  readonly { readonly example: string; readonly environment: string }[]
> {
  const folder = join(repository, "examples");
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const found = names.toSorted().map(async (example) => {
    const text = await readFile(join(folder, example, "infer-deploy.yml"), "utf8");
    const { environments } = parse(text) as { readonly environments?: object };
    return Object.keys(environments ?? { production: {} }).map((environment) => ({
      example,
      environment,
    }));
  });
  return (await Promise.all(found)).flat();
}

/** Installs checkov and all that it needs, in fixed versions, into a separate folder. Resolves to the program's path. */
async function installCheckov(folder: string): Promise<string> {
  const program = join(folder, "bin", "checkov");
  const wanted = await readFile(requirements, "utf8");
  const installed = await readFile(join(folder, "installed.txt"), "utf8").catch(() => "");
  if (existsSync(program) && installed === wanted) return program;
  process.stderr.write("checkov is being installed, which takes a minute\n");
  await rm(folder, { recursive: true, force: true });
  await output({ file: "python3", args: ["-m", "venv", folder] });
  const pip = ["-m", "pip", "install", "--quiet", "--requirement", requirements];
  await output({ file: join(folder, "bin", "python"), args: pip });
  await writeFile(join(folder, "installed.txt"), wanted);
  return program;
}

const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));
const mostSkips = 8;
const mostOfCloudfront = 8;
const mostOfMachine = 4;
const protectionRule = "CKV_AWS_150";
