import type { BuildSecret } from "../config/schema/image.ts";
import type { Builder } from "./dockerfile/builder.ts";

/** What an image is made of. */
export interface ImageSource {
  /** Absolute paths: docker would read a value that begins with "-" as an option. */
  readonly context: string;
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Stage of the Dockerfile; null builds the last one. */
  readonly target: string | null;
  /** Their files' paths are absolute. */
  readonly secrets: readonly BuildSecret[];
  readonly platform: string;
  readonly tag: string;
}

export interface BuildRequest extends ImageSource {
  /** Where docker writes the image's id. */
  readonly idFile: string;
  readonly builder: Builder;
}

/** Arguments of `docker` that build an image. Docker takes the values of build arguments from `buildEnvironment`. */
export function buildArgv(request: BuildRequest): readonly string[] {
  const args = starts[request.builder].slice();
  args.push("--file", request.dockerfile, "--tag", request.tag, "--iidfile", request.idFile);
  args.push("--platform", request.platform, ...choices(request));
  args.push("--", request.context);
  return args;
}

/** `--load` with an attribute. */
const loaded = "--output=type=docker,oci-mediatypes=true";

const starts: Readonly<Record<Builder, readonly string[]>> = {
  // Attestations would wrap the image in an index whose digest differs with every build. They are made for the push, in whose index the image
  // has OCI's media types: with the same ones it has the same manifest here.
  buildx: ["buildx", "build", loaded, "--provenance=false", "--progress=plain"],
  buildkit: ["build", "--progress=plain"],
  // Without it a failing step leaves its container behind.
  classic: ["build", "--force-rm"],
};

export interface AttestedRequest {
  readonly source: ImageSource;
  /** Options that say where the image goes. */
  readonly output: readonly string[];
  readonly metadataFile: string;
  /** Whether Docker's configuration gives every build a proxy's address, as build arguments. */
  readonly hasProxies: boolean;
}

/**
 * Arguments of `docker` that build an image with an SBOM and provenance. Provenance of the mode "max" has the
 * values of build arguments, which can be passwords; "min" has none (https://docs.docker.com/build/metadata/attestations/slsa-provenance/).
 */
export function attestedArgv({
  source,
  output,
  metadataFile,
  hasProxies,
}: AttestedRequest): readonly string[] {
  const isBare = Object.keys(source.buildArgs).length === 0 && !hasProxies;
  return [
    ...["buildx", "build", "--progress=plain", "--sbom=true"],
    `--provenance=mode=${isBare ? "max" : "min"}`,
    ...output,
    ...["--file", source.dockerfile, "--metadata-file", metadataFile],
    ...["--platform", source.platform, ...choices(source)],
    ...["--", source.context],
  ];
}

/** What is built of the Dockerfile, and with what. */
function choices({
  buildArgs,
  secrets,
  target,
}: Pick<ImageSource, "buildArgs" | "secrets" | "target">): readonly string[] {
  return [
    ...buildArguments(buildArgs),
    ...(target === null ? [] : ["--target", target]),
    ...secrets.flatMap((secret) => ["--secret", secretOption(secret)]),
  ];
}

/** By the file's or the variable's name: docker reads the value itself. The option is a line of CSV. */
export function secretOption({ id, from, name }: BuildSecret): string {
  const source = from === "env" ? `env=${name}` : `src=${name}`;
  return `id=${id},${/[",]/.test(source) ? `"${source.replaceAll('"', '""')}"` : source}`;
}

function buildArguments(buildArgs: ImageSource["buildArgs"]): readonly string[] {
  return Object.entries(buildArgs)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, value]) => ["--build-arg", steersDocker.test(key) ? `${key}=${value}` : key]);
}

/** The values of build arguments, as other users of this machine see a program's arguments, but not its environment. */
export function buildEnvironment(
  buildArgs: ImageSource["buildArgs"],
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(buildArgs).filter(([key]) => !steersDocker.test(key)));
}

/** Variables that docker's client itself, or the system, would obey. */
const steersDocker =
  /^(?:PATH|HOME|TMPDIR|USER|LANG|TERM|LD_.*|LC_.*|DYLD_.*|GO.*|XDG_.*|DOCKER_.*|BUILDX_.*|BUILDKIT_.*|SSH_.*|SSL_.*|OTEL_.*|NO_COLOR|COMPOSE_.*|.*_proxy)$/i;

export function tagArgv(image: string, reference: string): readonly string[] {
  return ["tag", "--", image, reference];
}

export function loginArgv(username: string, host: string): readonly string[] {
  return ["login", "--username", username, "--password-stdin", host];
}

export function pushArgv(reference: string): readonly string[] {
  return ["push", "--", reference];
}

/** Removes a name from an image. Untagged parents stay: they are the classic builder's cache. */
export function untagArgv(reference: string): readonly string[] {
  return ["rmi", "--no-prune", "--", reference];
}

/** The step in a line of the builder's output, such as "5/12 RUN npm ci"; undefined for other lines. */
export function buildStep(line: string): string | undefined {
  const classic = /^Step (\d+\/\d+) : (.*)$/.exec(line);
  const buildkit = /^#\d+ \[(?:[\w.-]+ )?\s*(\d+\/\d+)\] (.*)$/.exec(line);
  const found = classic ?? buildkit;
  return found === null ? undefined : `${found[1]} ${found[2]}`;
}
