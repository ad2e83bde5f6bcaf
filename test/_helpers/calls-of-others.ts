/** What the policy of `release` allows for other verbs and other stacks, whose own tests ask for it. In order. */
export const callsOfOthers = [
  // `maintenance`, `sleep` and `wake`.
  "cloudwatch:DisableAlarmActions",
  "cloudwatch:EnableAlarmActions",
  // `dashboard`.
  "cloudwatch:GetMetricData",
  "elasticloadbalancing:ModifyRule",
  // `logs`.
  "logs:FilterLogEvents",
  // Secrets, and `auth: keys`.
  "secretsmanager:GetSecretValue",
  "secretsmanager:ListSecretVersionIds",
  "secretsmanager:ListSecrets",
  // One machine's traffic.
  "ssm:GetParameter",
];
