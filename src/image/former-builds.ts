import type { Run } from "../process/programs/run.ts";

/** What the name of an app's builds stood for before a build moved it. */
export type FormerBuild = string | undefined;

/** The id of the image that has this name in the local engine; undefined without one. */
export async function imageNamed(run: Run, name: string): Promise<FormerBuild> {
  const args = ["image", "inspect", "--format", "{{.Id}}", "--", name];
  const result = await run({ file: "docker", args, writes: false });
  const id = result.stdout.trim();
  return result.exitCode === 0 && id !== "" ? id : undefined;
}

/**
 * Gives the former build the tag "previous", and removes the one that had it: without a name it would stay forever. One former build is
 * kept, because another run on this machine may still be about to push it. A failure is not the build's.
 */
export async function keepOneFormerBuild(
  run: Run,
  tag: string,
  former: FormerBuild,
  id: string,
): Promise<void> {
  if (former === undefined || former === id) return;
  const previous = tag.replace(/:[^:]*$/, ":previous");
  const older = await imageNamed(run, previous);
  await run({ file: "docker", args: ["tag", "--", former, previous], writes: true });
  if (older === undefined || older === former || (await hasName(run, older))) return;
  await run({ file: "docker", args: ["rmi", "--", older], writes: true });
}

async function hasName(run: Run, id: string): Promise<boolean> {
  const args = ["image", "inspect", "--format", "{{len .RepoTags}}", "--", id];
  return (await run({ file: "docker", args, writes: false })).stdout.trim() !== "0";
}
