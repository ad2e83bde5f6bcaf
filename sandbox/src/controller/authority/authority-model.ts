/** The certificate authority of the region, which instances know as Let's Encrypt. */
export interface AuthorityModel {
  readonly weather: AuthorityWeather;
  /** Public host name -> the addresses in the sandbox's network at which the authority looks for it. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** Host name -> the values of its TXT records. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  /** Names of the public hosted zones. */
  readonly zones: readonly string[];
}

/** The weather of the authority; sandbox/region/emulator/weather/authority/ says what Let's Encrypt does and where that is documented. */
export interface AuthorityWeather {
  /** `authority-down` */
  readonly down: boolean;
  /** `authority-busy`: what Retry-After says to new orders. Null: they are accepted. */
  readonly busySeconds: number | null;
  /** `short-certificates`: how long a new certificate is valid. 0: for Pebble's 90 days. */
  readonly certificateSeconds: number;
  /** `bad-nonces`: the share of good nonces that it refuses. */
  readonly badNoncePercent: number;
  /** `slow-validation`: the longest time that a validation takes. 0: none. */
  readonly slowSeconds: number;
}

/** As /_sandbox/authority answers. A null is an address at which nothing of the region answers. */
export interface AuthorityAnswer {
  readonly needed: boolean;
  readonly names: Readonly<Record<string, readonly (string | null)[]>>;
  readonly texts: AuthorityModel["texts"];
  readonly zones: AuthorityModel["zones"];
}

/** `nowhere`: an address in the sandbox's network at which nothing listens on 80 and 443. The authority must never ask a real server. */
export function readAuthority(
  answer: AuthorityAnswer,
  weather: AuthorityWeather,
  nowhere: string,
): AuthorityModel {
  const names = Object.entries(answer.names).map(
    ([name, addresses]) => [name, addresses.map((address) => address ?? nowhere)] as const,
  );
  const { texts, zones } = answer;
  return { weather, names: Object.fromEntries(names), texts, zones };
}
