import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../..", import.meta.url));
const cache = join(repository, ".cache", "bench-app");
const peers = join(repository, "bench", "app", "peers");

/** What the servers need; made once and kept. */
export interface Places {
  /** The model that app/Dockerfile makes. */
  readonly modelFolder: string;
  /** A file with a word on each line; each word is one token of the model. */
  readonly words: string;
  readonly python: string;
  readonly transformers: string;
  /** The same model in the layout that @huggingface/transformers wants, under the name "model". */
  readonly transformersModels: string;
  readonly echo: string;
  /** The image that is deployed. */
  readonly image: string;
  readonly launch: Launch;
}

/** How the image starts its server. */
interface Launch {
  /** Node's options. */
  readonly flags: readonly string[];
  /** Settings for the C library. */
  readonly env: Readonly<Record<string, string>>;
}

/** The folder of the sample model in 8 bits. */
export function prepareInt8Model(): string {
  const folder = join(cache, "model-int8");
  const name = `${image}-int8`;
  buildApp(name, ["--target", "model", "--build-arg", "PRECISION=int8"]);
  copyFromImage(name, "/model", folder);
  return folder;
}

/** Builds the image and the model, and installs the peers. Needs Docker and the package registries. */
export function preparePlaces(): Places {
  mkdirSync(cache, { recursive: true });
  requireWrk();
  const modelFolder = join(cache, "model");
  buildApp(image);
  copyFromImage(image, "/app/model", modelFolder);
  const node = prepareNode();
  return {
    modelFolder,
    words: writeWords(modelFolder),
    python: preparePython(),
    transformers: join(node, "transformers.js"),
    transformersModels: layOutModel(modelFolder),
    echo: join(node, "echo.js"),
    image,
    launch: readLaunch(image),
  };
}

function readLaunch(name: string): Launch {
  const text = run("docker", ["image", "inspect", "--format", "{{json .Config}}", name]);
  const config = JSON.parse(text) as { readonly Cmd: string[]; readonly Env: string[] };
  const variables = config.Env.filter((one) => one.startsWith("GLIBC_"));
  return {
    // Between the program's name and its file.
    flags: config.Cmd.slice(1, -1),
    env: Object.fromEntries(variables.map((one) => one.split(/=(.*)/s, 2) as [string, string])),
  };
}

function requireWrk(): void {
  try {
    run("sh", ["-c", "command -v wrk"]);
  } catch {
    throw new Error(
      "wrk is not installed, and it sends the load: apt-get install wrk, or brew install wrk",
    );
  }
}

function writeWords(modelFolder: string): string {
  const file = readFileSync(join(modelFolder, "tokenizer.json"), "utf8");
  const { model } = JSON.parse(file) as { model: { vocab: Readonly<Record<string, number>> } };
  const words = Object.keys(model.vocab).filter((word) => /^[a-z]{3,9}$/.test(word));
  const path = join(cache, "words.txt");
  writeFileSync(path, words.join("\n"));
  return path;
}

function buildApp(name: string, more: readonly string[] = []): void {
  const bases = run(process.execPath, [join(repository, "bin", "base-arguments.js")]).split("\n");
  run("docker", ["build", "--tag", name, ...more, ...bases, join(repository, "app")]);
}

function copyFromImage(name: string, from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  const container = run("docker", ["create", name]);
  run("docker", ["cp", `${container}:${from}`, to]);
  run("docker", ["rm", container]);
}

function preparePython(): string {
  const folder = join(cache, "python");
  if (!existsSync(join(folder, "installed"))) {
    rmSync(folder, { recursive: true, force: true });
    run("python3", ["-m", "venv", folder]);
    const requirements = join(peers, "requirements.txt");
    run(join(folder, "bin", "pip"), ["install", "--quiet", "--requirement", requirements]);
    mkdirSync(join(folder, "installed"));
  }
  return join(folder, "bin", "python");
}

function prepareNode(): string {
  const folder = join(cache, "node");
  mkdirSync(folder, { recursive: true });
  for (const file of ["package.json", "transformers.js", "echo.js"]) {
    cpSync(join(peers, file), join(folder, file));
  }
  if (!existsSync(join(folder, "node_modules"))) {
    // ONNX Runtime's own installer would fetch CUDA.
    run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder]);
  }
  return folder;
}

function layOutModel(modelFolder: string): string {
  const models = join(cache, "models");
  rmSync(models, { recursive: true, force: true });
  mkdirSync(join(models, "model", "onnx"), { recursive: true });
  for (const file of ["config.json", "tokenizer.json", "tokenizer_config.json"]) {
    symlinkSync(join(modelFolder, file), join(models, "model", file));
  }
  symlinkSync(join(modelFolder, "model.onnx"), join(models, "model", "onnx", "model.onnx"));
  return models;
}

/** Standard output without the final line break. Throws with the program's error output. */
export function run(file: string, args: readonly string[]): string {
  return execFileSync(file, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1e8,
    cwd: repository,
  }).trim();
}

const image = "infer-deploy-bench-app";
