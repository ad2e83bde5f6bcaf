/** A stage of a Dockerfile, and those before it. */
export interface LastStage {
  /** Its name, or its number where it has none. */
  readonly name: string;
  /** How many stages there are. */
  readonly count: number;
  /** Names of the other ones, in their order. */
  readonly others: readonly string[];
}

/** The stage that is built without image.target; undefined when it is the only one. */
export async function readLastStage(dockerfile: string): Promise<LastStage | undefined> {
  const names = await readStages(dockerfile);
  if (names.length < 2) return undefined;
  return {
    name: names.at(-1) ?? String(names.length - 1),
    count: names.length,
    others: names.slice(0, -1).filter((name) => name !== null),
  };
}

/** Names of a Dockerfile's stages in their order, null for one without a name; empty for another language, which a `# syntax` line allows. */
export async function readStages(dockerfile: string): Promise<readonly (string | null)[]> {
  // Only failures and image.target need the parser.
  const { DockerfileParser } = await import("dockerfile-ast");
  const stages = DockerfileParser.parse(dockerfile).getFROMs();
  return stages.map((from) => from.getBuildStage());
}
