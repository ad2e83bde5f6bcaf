import type { ExecuteDeps } from "../../src/release/run/execute.ts";
import type { Weather } from "./fake-parts.ts";
import type { releaseWorld } from "./release-world.ts";

/** Lets a process work until `dies` says so of one of its calls. It is killed there: nothing of it happens after that. */
export async function killRun(
  world: Pick<ReturnType<typeof releaseWorld>, "stack" | "bucket" | "deps">,
  work: (deps: ExecuteDeps) => Promise<unknown>,
  dies: (...call: Parameters<Weather>) => boolean,
): Promise<void> {
  const death = Promise.withResolvers<"killed">();
  const never = new Promise<never>(() => {});
  let isDead = false;
  const parts = world.stack.connect(world.bucket.connect(), async (...call) => {
    isDead ||= dies(...call);
    if (!isDead) return;
    death.resolve("killed");
    await never;
  });
  const lived = work({ ...world.deps, ...parts }).then(() => "lived");
  if ((await Promise.race([lived, death.promise])) === "lived") {
    throw new Error("it came to its end, and nothing killed it");
  }
}
