import type { ModelSettings } from "../config/schema/fleet/model.ts";
import type { ModelContent, ModelFile } from "../state/container-record.ts";

/** The configuration's model, and what it is compared with. */
export interface WantedModel {
  readonly settings: ModelSettings;
  readonly region: string;
  /** FILE:LINE:COLUMN of a key, such as ["model", "source"]. */
  readonly placeOf: (path: readonly string[]) => string;
}

/** What a source has now: its files with what it says of them. */
export interface Found {
  readonly revision: string;
  readonly bucket?: string;
  readonly files: readonly ModelFile[];
}

/** One kind of source. Its functions throw CommandError. */
export interface Source {
  /** Throws CommandError (64) for what is not there or may not be read. */
  readonly find: () => Promise<Found>;
  /** Names of the files that are not there any more as they were. */
  readonly missing: (model: ModelContent) => Promise<readonly string[]>;
}
