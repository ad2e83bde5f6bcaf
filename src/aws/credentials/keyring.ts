/** Keys of AWS, as the SDK's clients take them. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Absent where the source does not say: for keys of a user, and for some temporary ones. */
  readonly expiration?: Date;
}

/** The keys of one command: every client and Terraform sign with the same ones. */
export interface Keyring {
  /** The present keys, loaded at the first call. When they end soon, they are renewed in the background; when they have ended, it waits for new ones. */
  readonly keys: () => Promise<Keys>;
  /** Keys that last this many seconds, if the source has such; otherwise the best that there are. */
  readonly lasting: (seconds: number) => Promise<Keys>;
  /**
   * Seconds until the present keys end; undefined when that is not known. Has them renewed in the background when fewer than `needed` and a few
   * minutes remain, so that a few attempts fit before it matters.
   */
  readonly secondsLeft: (needed: number) => number | undefined;
}

/**
 * A load that fails is an error at the first call only. Later the keys stay as they are, and AWS says that they have ended.
 * `isFirst`: a person may be asked for something. `now`: milliseconds.
 */
export function createKeyring(
  load: (isFirst: boolean) => Promise<Keys>,
  now: () => number,
): Keyring {
  let held: Keys | undefined;
  let loading: Promise<Keys> | undefined;
  let tried = Number.NEGATIVE_INFINITY;

  const reload = async (): Promise<Keys> => {
    loading ??= (async () => {
      tried = now();
      try {
        held = later(await load(held === undefined), held);
        return held;
      } finally {
        loading = undefined;
      }
    })();
    return loading;
  };
  const left = ({ expiration }: Keys): number =>
    expiration === undefined ? Number.POSITIVE_INFINITY : (expiration.getTime() - now()) / 1000;
  /** Resolves to the best keys. Attempts have a minute between them, because a program of the user's may be the source. */
  const renew = async (present: Keys): Promise<Keys> =>
    loading === undefined && now() - tried < betweenSeconds * 1000
      ? present
      : reload().catch(() => held ?? present);

  return {
    keys: async () => {
      if (held === undefined) return reload();
      if (left(held) > aheadSeconds) return held;
      const renewed = renew(held);
      return left(held) > 0 ? held : renewed;
    },
    lasting: async (seconds) => {
      const present = held ?? (await reload());
      return left(present) >= seconds ? present : renew(present);
    },
    secondsLeft: (needed) => {
      if (held?.expiration === undefined) return undefined;
      if (left(held) < needed + aheadSeconds) void renew(held);
      return left(held);
    },
  };
}

/** A keyring of keys that never change. */
export function fixedKeyring(keys: Keys): Keyring {
  return { keys: async () => keys, lasting: async () => keys, secondsLeft: () => undefined };
}

/** A source with a cache may answer with keys that end sooner than those that were there. */
function later(fresh: Keys, held: Keys | undefined): Keys {
  const ends = ({ expiration }: Keys): number => expiration?.getTime() ?? Number.POSITIVE_INFINITY;
  return held === undefined || ends(fresh) > ends(held) ? fresh : held;
}

/** The SDK asks for new keys five minutes before the end of the old ones. */
const aheadSeconds = 300;
const betweenSeconds = 60;
