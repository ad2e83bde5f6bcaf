/** The availability zones of a fake stack's groups. */
export const fakeZones = ["eu-west-1a", "eu-west-1b"] as const;
