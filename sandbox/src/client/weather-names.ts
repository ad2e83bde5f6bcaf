/** The names that may be switched on; `aws` stands for several. docs/reference/sandbox.md describes them. */
export const weatherNames = [
  "aws",
  "flaky-instance",
  "keep-alive",
  "self-update",
  "slow-boot",
  "slow-metrics",
  "unreachable",
] as const;
