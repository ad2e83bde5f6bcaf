import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { existsSync } from "node:fs";
import { createAwsHome } from "../../test/_helpers/aws-home.ts";
import { runCli, type CliResult } from "../../test/_helpers/cli.ts";
import { startFakeSts, type FakeSts } from "../../test/_helpers/fake-sts.ts";
import { openTlsWorld } from "../../test/_helpers/tls-world.ts";
import { held, type BoundRow } from "../groups.ts";
import { inputFaults, type InputFault } from "./input-faults.ts";

/** Every bad input by every verb that it concerns. AWS is asked who the caller is, and nothing else; no file of the project changes. */
export async function inputs(wanted: (fault: string) => boolean): Promise<readonly BoundRow[]> {
  const rows: BoundRow[] = [];
  for (const fault of inputFaults.filter((one) => wanted(one.fault))) {
    const sts = await startFakeSts();
    try {
      rows.push(await measure(fault, sts));
    } finally {
      sts.close();
    }
    process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
  }
  return rows;
}

async function measure(fault: InputFault, sts: FakeSts): Promise<BoundRow> {
  if (fault.sts !== undefined) sts.handle = fault.sts;
  const { home, env, remove } = await createAwsHome(sts.url);
  const proxy = await openProxy(fault);
  try {
    await writeFile(join(home, "Dockerfile"), "FROM scratch\n");
    await fault.prepare?.(home);
    const around = {
      ...env,
      PATH: await makePath(join(home, "bin"), fault.programs ?? {}),
      ...(proxy === undefined ? {} : { HTTPS_PROXY: proxy.url }),
      ...fault.env,
    };
    const before = await readdir(home, { recursive: true });
    const ends = new Map<string, CliResult>();
    for (const verb of fault.verbs ?? Object.keys(verbs)) {
      ends.set(
        verb,
        await runCli([...(verbs[verb] ?? [verb]), ...(fault.args ?? [])], {
          cwd: home,
          env: around,
        }),
      );
    }
    const after = await readdir(home, { recursive: true });
    const made = after.filter((file) => !before.includes(file) && !/^\.(cache|local)\b/.test(file));
    return row(fault, ends, [
      ...made.map((file) => `made ${file}`),
      ...sts.calls
        .filter(({ action }) => !["GetCallerIdentity", "AssumeRole"].includes(action))
        .map(({ action, body }) => `asked AWS for ${action || body.slice(0, 60) || "a document"}`),
    ]);
  } finally {
    await proxy?.close();
    await remove();
  }
}

async function openProxy({
  proxy: status,
}: InputFault): Promise<{ readonly url: string; readonly close: () => Promise<void> } | undefined> {
  if (status === undefined) return undefined;
  const world = await openTlsWorld(["aws.example.com"], (_, answer) => answer.end());
  world.status = status;
  return { url: world.proxy, close: world.close };
}

/** A folder with the programs that a verb needs, some of them replaced or left out. */
async function makePath(
  folder: string,
  replaced: Readonly<Record<string, string>>,
): Promise<string> {
  await mkdir(folder);
  for (const program of ["node", "docker", "terraform", "sh"]) {
    const text = replaced[program];
    const own = (process.env["PATH"] ?? "")
      .split(delimiter)
      .map((place) => join(place, program))
      .find((file) => existsSync(file));
    if (text === undefined && own !== undefined) await symlink(own, join(folder, program));
    if (text) await writeFile(join(folder, program), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  return folder;
}

function row(
  { fault, cause, next }: InputFault,
  ends: ReadonlyMap<string, CliResult>,
  touched: readonly string[],
): BoundRow {
  const problems = [...ends].flatMap(([verb, { exitCode, stderr, seconds }]) => [
    ...(exitCode === 64 ? [] : [`${verb}: exit ${exitCode}`]),
    ...(cause.test(stderr) ? [] : [`${verb}: the cause is not named`]),
    ...(stderr.match(/^✖ /gm)?.length === 1 ? [] : [`${verb}: not one sentence`]),
    ...(next.test(/^ {2}next: +(.*)$/m.exec(stderr)?.[1] ?? "")
      ? []
      : [`${verb}: the next step is not named`]),
    ...(seconds <= longestSeconds ? [] : [`${verb}: ${seconds.toFixed(1)} s`]),
  ]);
  const bad = [...ends.values()].find(({ stderr }) => !cause.test(stderr));
  const shown = bad ?? [...ends.values()][0];
  if (problems.length > 0) {
    for (const [verb, end] of ends) process.stderr.write(`${fault}, ${verb}:\n${end.stderr}\n`);
  }
  return {
    fault,
    verbs: [...ends.keys()].join(", "),
    exit: [...new Set([...ends.values()].map(({ exitCode }) => exitCode))].join(", "),
    "seconds at most": Math.max(...[...ends.values()].map(({ seconds }) => seconds)),
    told: /^✖ (.*)$/m.exec(shown?.stderr ?? "")?.[1] ?? "",
    next: /^ {2}next: +(.*)$/m.exec(shown?.stderr ?? "")?.[1] ?? "",
    "left over": [...problems, ...touched].join("; ") || "nothing",
    ...held(
      `exit 64, one sentence, within ${longestSeconds} s, nothing touched`,
      problems.length === 0 && touched.length === 0,
    ),
  };
}

const verbs: Readonly<Record<string, readonly string[]>> = {
  up: ["up", "--yes"],
  plan: ["plan"],
  release: ["release", "--version", "v2"],
  rollback: ["rollback", "--yes"],
  status: ["status"],
  destroy: ["destroy", "--yes"],
};
const longestSeconds = 5;
