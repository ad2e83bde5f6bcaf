import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sandboxEnvironment } from "../sandbox/src/client/sandbox-environment.ts";
import { readSandboxState, sandboxFolder } from "../sandbox/src/client/state-file.ts";
import { printTable } from "./table.ts";

/**
 * This tool's own share of `up`, compared with bare terraform over the same folder in the same region and run: `npm run bench:up`.
 * Bare terraform first (init, plan, apply, then destroy), `up` second, then `up` with nothing to do.
 * Own share = all of `up` less the time in which terraform, docker or the instances worked.
 */
const repository = fileURLToPath(new URL("..", import.meta.url));
const cli = join(repository, "bin", "infer-deploy.js");
const sandbox = "bench";
const folder = await mkdtemp(join(tmpdir(), "bench-up-"));
const env = { ...process.env, XDG_STATE_HOME: join(folder, "state"), NO_COLOR: "1" };
const bases = JSON.parse(
  await readFile(join(repository, ".cache", "bases.json"), "utf8"),
) as Record<string, string>;

await cp(join(repository, "examples", "python-http"), join(folder, "app"), { recursive: true });
await writeFile(
  join(folder, "infer-deploy.yml"),
  [
    "name: bench",
    "region: eu-west-1",
    "protection: false",
    "image: { context: app, port: 8000 }",
    "instances: { type: t3.micro, min: 1, max: 2 }",
  ].join("\n"),
);

try {
  await run([cli, "sandbox", "start", "--name", sandbox]);
  const bare = await bareTerraform();
  const { seconds: whole, lines } = await run([
    cli,
    "up",
    "--sandbox",
    sandbox,
    "--yes",
    "--build-arg",
    `PYTHON_IMAGE=${bases["python"]}`,
  ]);
  const busy = union([
    interval(lines, "Build the image"),
    interval(lines, "Plan the infrastructure"),
    interval(lines, "Apply the infrastructure"),
    interval(lines, "Push "),
    interval(lines, "Start the instances"),
  ]);
  const second = await run([cli, "up", "--sandbox", sandbox, "--yes"]);
  const row = (name: string, seconds: number) => ({
    case: name,
    seconds,
    "of bare terraform": seconds / bare.whole,
  });
  printTable("up", [
    row("bare terraform: init, plan, apply", bare.whole),
    row("infer-deploy up, from nothing to an answer", whole),
    ...[
      "Build the image",
      "Plan the infrastructure",
      "Apply the infrastructure",
      "Push ",
      "Start the instances",
    ].map((title) => {
      const [from, to] = interval(lines, title);
      return row(`  ${title.trim()}`, to - from);
    }),
    row("  own share: everything else", whole - busy),
    row("infer-deploy up, nothing to do", second.seconds),
  ]);
} finally {
  await run([cli, "sandbox", "stop", "--name", sandbox]);
  await rm(folder, { recursive: true, force: true });
}

async function bareTerraform(): Promise<{ readonly whole: number }> {
  const out = join(folder, "rendered");
  await run([cli, "render", "--sandbox", sandbox, "--out", out]);
  // `plan` creates the state bucket, which must exist before any init, and finds the provider.
  await run([cli, "plan", "--sandbox", sandbox]);
  const state = await readSandboxState(sandboxFolder(env, sandbox));
  if (state === undefined) throw new Error("the sandbox does not run");
  const work = join(
    sandboxFolder(env, sandbox),
    "stacks",
    "123456789012",
    "eu-west-1",
    "bench",
    "production",
  );
  const terraformEnv = {
    ...sandboxEnvironment(state, "eu-west-1", env),
    TF_CLI_CONFIG_FILE: join(work, ".terraform", "infer-deploy", "cli.tfrc"),
  };
  const terraform = async (...args: string[]) =>
    run([`-chdir=${out}`, ...args], "terraform", terraformEnv);
  const init = await terraform("init", "-input=false");
  const plan = await terraform("plan", "-input=false", "-out=bench.tfplan");
  const apply = await terraform("apply", "-input=false", "bench.tfplan");
  await terraform("destroy", "-auto-approve", "-input=false");
  return { whole: init.seconds + plan.seconds + apply.seconds };
}

interface TimedLine {
  readonly text: string;
  /** Seconds since the program's start. */
  readonly at: number;
}

async function run(
  args: readonly string[],
  file: string = process.execPath,
  more: Readonly<Record<string, string | undefined>> = {},
): Promise<{ readonly seconds: number; readonly lines: readonly TimedLine[] }> {
  const started = performance.now();
  const since = (): number => (performance.now() - started) / 1000;
  const child = spawn(file, args, {
    cwd: folder,
    env: { ...env, ...more },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const lines: TimedLine[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    lines.push(...text.split("\n").map((line) => ({ text: line, at: since() })));
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) {
    throw new Error(
      `${file} ${args.join(" ")} ended with ${code}:\n${lines.map((line) => line.text).join("\n")}`,
    );
  }
  return { seconds: since(), lines };
}

/** From the line that begins a step to the line that ends it. */
function interval(lines: readonly TimedLine[], title: string): readonly [number, number] {
  const from = lines.find((line) => line.text.startsWith(`· ${title}`));
  const to = lines.find((line) => line.text.startsWith(`✔ ${title}`));
  if (from === undefined || to === undefined) {
    throw new Error(`no step "${title}" in:\n${lines.map((line) => line.text).join("\n")}`);
  }
  return [from.at, to.at];
}

/** Length of the union of intervals, because steps overlap. */
function union(intervals: readonly (readonly [number, number])[]): number {
  let covered = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const [from, to] of intervals.toSorted(([a], [b]) => a - b)) {
    covered += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return covered;
}
