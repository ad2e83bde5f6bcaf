import { open, stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { Override, Overrides } from "./override.ts";
import { declaredEnvironments, parseConfig, type Draft } from "./parse.ts";
import { formatPlace, formatProblems, quote, type Path, type Problem } from "./checks/problem.ts";
import type { Config } from "./schema/config.ts";

export interface LoadRequest {
  /** What the command line or the environment asks for. */
  readonly asked: {
    readonly config?: Override | undefined;
    readonly environment?: Override | undefined;
    readonly region?: Override | undefined;
  };
  readonly cwd: string;
  /** Whether the build context and the Dockerfile must exist; `destroy` needs neither. */
  readonly needsImage: boolean;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Absolute. */
  readonly file: string;
  /** Absolute: the folder of the file. Paths in the file are relative to it. */
  readonly root: string;
  /** Where the file sets a key of this environment, as FILE:LINE:COLUMN. */
  readonly placeOf: (path: Path) => string;
}

/**
 * Reads the configuration of every environment that the file declares, in its order, or of the one that a file without environments is for.
 * Throws as `loadConfig`.
 */
export async function loadEnvironments(
  request: Omit<LoadRequest, "asked"> & {
    readonly asked: Omit<LoadRequest["asked"], "environment">;
  },
): Promise<readonly LoadedConfig[]> {
  const { asked, cwd } = request;
  const file = resolve(cwd, asked.config?.value ?? fileName);
  const text = await readText(file, nameOf(file, cwd), asked.config?.origin);
  return Promise.all(
    declaredEnvironments(text).map(async (value) =>
      loadConfig({ ...request, asked: { ...asked, environment: { value, origin: "--all" } } }),
    ),
  );
}

/**
 * Reads the configuration of one environment: what is asked for > file > default.
 * Looks for infer-deploy.yml in `cwd` only: a file in a parent folder could be another service's, and `up` costs money.
 * Throws CommandError (64) with one line of detail for every problem.
 */
export async function loadConfig(request: LoadRequest): Promise<LoadedConfig> {
  const { asked, cwd, needsImage } = request;
  const file = resolve(cwd, asked.config?.value ?? fileName);
  const shown = nameOf(file, cwd);
  const text = await readText(file, shown, asked.config?.origin);
  const parsed = parseConfig({ text, file: shown, overrides: readOverrides(asked) });
  const root = dirname(file);
  const draft = "problems" in parsed ? parsed.draft : { ...parsed, isInDoubt: () => false };
  const missing = needsImage && draft !== null ? await findMissingFiles(root, draft) : [];
  const problems = "problems" in parsed ? [...parsed.problems, ...missing] : missing;
  if ("problems" in parsed || problems.length > 0) throw refuse(shown, problems);
  const placeOf = (path: Path): string => formatPlace(parsed.explain(path, "", ""));
  return { config: parsed.config, file, root, placeOf };
}

function readOverrides({ region, environment }: LoadRequest["asked"]): Overrides {
  return { ...(region && { region }), ...(environment && { environment }) };
}

async function readText(file: string, shown: string, origin: string | undefined): Promise<string> {
  const facts = await stat(file).catch((error: unknown) => {
    throw isMissing(error) ? explainMissing(file, origin) : cannotRead(shown, error);
  });
  if (!facts.isFile()) {
    throw new CommandError(`${shown} is not a file.`, {
      exitCode: exitCodes.usage,
      next: `--config ${join(shown, fileName)}`,
    });
  }
  const bytes = await readAtMost(file, mostBytes + 1).catch((error: unknown) => {
    throw cannotRead(shown, error);
  });
  if (facts.size > mostBytes || bytes.length > mostBytes) {
    throw new CommandError(`${shown} is larger than 256 KB, which no configuration needs.`, {
      exitCode: exitCodes.usage,
      next: "name the right file with --config FILE",
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError(`${shown} is not text in UTF-8.`, {
      exitCode: exitCodes.usage,
      next: "save it as UTF-8",
    });
  }
}

/** Bounded, because the file can grow after `stat`. */
async function readAtMost(file: string, most: number): Promise<Uint8Array> {
  const handle = await open(file, "r");
  try {
    const buffer = new Uint8Array(most);
    let length = 0;
    while (length < most) {
      const { bytesRead } = await handle.read(buffer, length, most - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await handle.close();
  }
}

async function findMissingFiles(
  root: string,
  { config, explain, isInDoubt }: Draft,
): Promise<readonly Problem[]> {
  if (config.image.ref !== null) return [];
  const lost = await findMissingSecrets(root, { config, explain, isInDoubt });
  if (isInDoubt(contextPath)) return lost;
  const { context, dockerfile } = config.image;
  const folder = resolve(root, context);
  if (!(await isA("isDirectory", folder))) {
    const found = `${quote(context)}, where there is no folder`;
    return [explain(contextPath, found, "a folder, relative to this file"), ...lost];
  }
  if (isInDoubt(dockerfilePath) || (await isA("isFile", resolve(folder, dockerfile)))) return lost;
  const found = `${quote(dockerfile)}, where there is no file`;
  return [
    ...lost,
    explain(dockerfilePath, found, `a file, relative to the context ${quote(context)}`),
  ];
}

async function findMissingSecrets(
  root: string,
  { config, explain, isInDoubt }: Draft,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { id, from, name } of config.image.secrets) {
    const path = ["image", "secrets", id];
    if (from === "env" || isInDoubt(path) || (await isA("isFile", resolve(root, name)))) continue;
    const found = `${quote(name)}, where there is no file`;
    problems.push(explain(path, found, "a file, relative to this one"));
  }
  return problems;
}

async function isA(kind: "isFile" | "isDirectory", path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => null);
  return facts?.[kind]() === true;
}

function refuse(shown: string, problems: readonly Problem[]): CommandError {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return new CommandError(`${shown} has ${count}; nothing was changed.`, {
    exitCode: exitCodes.usage,
    detail: formatProblems(problems),
    next: `correct ${problems.length === 1 ? "it" : "them"}; every key is explained in docs/reference/config.md`,
  });
}

function explainMissing(file: string, origin: string | undefined): CommandError {
  if (origin !== undefined) {
    return new CommandError(`${origin} names ${file}, which does not exist.`, {
      exitCode: exitCodes.usage,
      next: "name an infer-deploy.yml that exists",
    });
  }
  return new CommandError(`There is no ${fileName} in ${dirname(file)}.`, {
    exitCode: exitCodes.usage,
    next: "write one next to your Dockerfile, starting with the two lines above, or name another with --config FILE",
    detail: ["name: my-service", "region: eu-central-1"],
  });
}

function cannotRead(shown: string, cause: unknown): CommandError {
  return new CommandError(`${shown} cannot be read.`, { exitCode: exitCodes.usage, cause });
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR";
}

function nameOf(file: string, cwd: string): string {
  const name = relative(cwd, file);
  return name.length < file.length ? name : file;
}

const contextPath: Path = ["image", "context"];
const dockerfilePath: Path = ["image", "dockerfile"];
const fileName = "infer-deploy.yml";
const mostBytes = 256 * 1024;
