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
  // Only failures need the parser.
  const { DockerfileParser } = await import("dockerfile-ast");
  const stages = DockerfileParser.parse(dockerfile).getFROMs();
  const names = stages.map((from) => from.getBuildStage());
  if (names.length < 2) return undefined;
  return {
    name: names.at(-1) ?? String(names.length - 1),
    count: names.length,
    others: names.slice(0, -1).filter((name) => name !== null),
  };
}
