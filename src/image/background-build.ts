import type { Run } from "../process/programs/run.ts";
import type { Reporter } from "../report/reporter.ts";
import type { ImageSource } from "./docker-argv.ts";
import { buildImage, type BuildStep, type BuiltImage } from "./build.ts";

/** A build that runs alongside other work. */
export interface BackgroundBuild {
  /** Rejects with the build's CommandError. */
  readonly image: () => Promise<BuiltImage>;
  /** Throws the build's error when it is already known to have failed. */
  readonly throwIfFailed: () => void;
  /** Ends a build that is no longer needed; no effect on a finished one. */
  readonly stop: () => Promise<void>;
}

export function startBuild(
  run: Run,
  reporter: Reporter,
  source: ImageSource,
  aborted: AbortSignal,
  step?: BuildStep,
): BackgroundBuild {
  const stop = new AbortController();
  let failure: { readonly error: unknown } | undefined;
  const image = buildImage(run, reporter, source, AbortSignal.any([aborted, stop.signal]), step);
  const settled = image.then(
    () => undefined,
    (error: unknown) => {
      failure = { error };
    },
  );
  return {
    image: () => image,
    throwIfFailed: () => {
      if (failure !== undefined) {
        throw failure.error;
      }
    },
    stop: async () => {
      stop.abort();
      await settled;
    },
  };
}
