/** How a container is started to look at it. */
export interface TrialContainer {
  readonly name: string;
  /** The image's id. */
  readonly image: string;
  /** Passed as PORT, as an instance passes image.port. */
  readonly port: number;
  /** Reachable on this machine's loopback address. */
  readonly published: readonly number[];
  readonly env: Readonly<Record<string, string>>;
  /** Without what an instance forbids, to learn more about a container that ends under it. */
  readonly isLoose: boolean;
}

/**
 * Arguments of `docker`: a container as an instance runs it (docs/reference/instances.md), but for its logs and its secrets.
 * The variables' values are visible to others on this machine, which those of a Dockerfile are anyway.
 */
export function trialArgv(container: TrialContainer): readonly string[] {
  const { name, image, port, published, env, isLoose } = container;
  const variables = { ...env, PORT: String(port), ...versionVariables };
  return [
    ...["run", "--detach", "--init", "--name", name, "--label", "infer-deploy.init"],
    ...(isLoose ? [] : ["--read-only", "--cap-drop", "ALL"]),
    ...(isLoose ? [] : ["--security-opt", "no-new-privileges", "--tmpfs", "/tmp"]),
    ...["--memory", memory, "--memory-swap", memory, "--pids-limit", "4096"],
    ...published.flatMap((one) => ["--publish", `127.0.0.1::${one}`]),
    ...Object.entries(variables).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    "--",
    image,
  ];
}

/** The default instance type has 2 GB, of which an instance keeps 512 MB. */
const memory = "1536m";

const versionVariables = {
  INFER_DEPLOY_VERSION: "init",
  INFER_DEPLOY_RELEASE: "0",
  INFER_DEPLOY_INSTANCE: "i-local",
};
