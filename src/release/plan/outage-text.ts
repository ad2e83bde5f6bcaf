/** What a user must know before each release by recreate. */
export const outageText =
  "with the strategy recreate nothing serves from the end of the old container until the new one is healthy: users get 503 with Retry-After";
