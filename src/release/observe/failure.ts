/** Why a rollout is rolled back, for a person. */
export interface RolloutFailure {
  /** A sentence without its full stop. */
  readonly cause: string;
  readonly where: string;
  /** Lines shown verbatim, such as the container's last ones. */
  readonly detail: readonly string[];
  /** What to do next, without a full stop; left out, the version must be fixed. */
  readonly next?: string;
  /** What a release could do in its place, and a first one could not; without a full stop. */
  readonly instead?: string;
  /** AWS has no machines for further instances, or the account no quota; those that run could still take the version. */
  readonly isShortage?: true;
}

export interface AlarmFailure extends RolloutFailure {
  /** The alarm's name; empty when no alarm could be read. */
  readonly alarm: string;
}
