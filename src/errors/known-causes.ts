import type { AwsError } from "./aws-error.ts";

/** What an error means to the user, and what to do about it. */
export interface Cause {
  readonly message: string;
  readonly next: string;
}

/** The known cause of an error; undefined when terraform's own words say it best. */
export function causeOf(text: string, aws: AwsError | undefined): Cause | undefined {
  const code = aws?.code ?? "";
  const known = knownCauses.find(
    (entry) => (code !== "" && entry.codes?.test(code) === true) || entry.text?.test(text) === true,
  );
  return known?.cause(text, aws);
}

interface KnownCause {
  /** Of AWS's error codes. */
  readonly codes?: RegExp;
  readonly text?: RegExp;
  readonly cause: (text: string, aws: AwsError | undefined) => Cause;
}

function always(message: string, next: string): KnownCause["cause"] {
  return () => ({ message, next });
}

/**
 * `is not authorized to perform: ec2:CreateVpc on resource: ...`; where AWS hides the action, the call's own
 * name.
 */
function denied(text: string, aws: AwsError | undefined): Cause {
  const action =
    /not authorized to perform:? ([\w-]+:\w+)/.exec(text)?.[1] ??
    [aws?.service, aws?.operation].filter((part) => part !== "").join(" ");
  const user =
    /(?:User|principal): (arn:\S+)/.exec(text)?.[1] ??
    "the identity that `aws sts get-caller-identity` shows";
  return {
    message:
      action === ""
        ? "AWS does not allow these credentials to do this"
        : `AWS does not allow these credentials to call ${action}`,
    next: `Allow ${action === "" ? "the call" : action} to ${user}, then run the same command again.`,
  };
}

/** The first that matches wins: `RequestLimitExceeded` is a rate, other `...LimitExceeded` are quotas. */
const knownCauses: readonly KnownCause[] = [
  {
    text: /errored\.tfstate/,
    cause: always(
      "The state could not be saved to the bucket; it is in errored.tfstate",
      "Run the same command again when the bucket can be reached: it saves errored.tfstate first. Do not delete that file.",
    ),
  },
  {
    codes: /^(ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired)$/,
    text: /security token included in the request is expired|failed to refresh cached (SSO|credentials)|(token|SSO session)\b.* has expired/i,
    cause: always(
      "The AWS credentials have expired",
      "Renew them (with IAM Identity Center: aws sso login), then run the same command again.",
    ),
  },
  {
    codes: /^(RequestTimeTooSkewed|InvalidSignatureException)$/,
    text: /signature (not yet current|expired)/i,
    cause: always(
      "AWS refused the signature: this machine's clock seems to be wrong",
      "sudo timedatectl set-ntp true",
    ),
  },
  {
    codes:
      /^(CredentialsProviderError|InvalidClientTokenId|UnrecognizedClientException|AuthFailure|InvalidAccessKeyId|SignatureDoesNotMatch)$/,
    text: /no valid credential sources found|failed to retrieve credentials|failed to get shared config profile/i,
    cause: always("There are no AWS credentials that AWS accepts", "aws sts get-caller-identity"),
  },
  {
    codes: /^(UnauthorizedOperation|AccessDenied(Exception)?|AuthorizationError)$/,
    text: /is not authorized to perform/,
    cause: denied,
  },
  {
    codes:
      /^(Throttl\w*|RequestLimitExceeded|RequestThrottled\w*|TooManyRequestsException|SlowDown)$/,
    text: /Rate exceeded/,
    cause: always(
      "AWS limited the rate of calls for longer than they were tried again",
      "Wait a minute and run the same command again: what has been made is in the state.",
    ),
  },
  {
    codes: /^(Insufficient\w*Capacity\w*|\w*CapacityNotAvailable\w*)$/,
    cause: always(
      "AWS has no capacity for this instance type in these zones now",
      "Choose another instance type (instances.type in infer-deploy.yml), or run the same command again later.",
    ),
  },
  {
    codes: /(LimitExceeded|QuotaExceeded)(Exception|Fault)?$|^TooMany/,
    cause: always(
      "A quota of the AWS account is used up",
      "Ask for more in the Service Quotas console (aws service-quotas list-service-quotas --service-code ec2), or delete what is not needed.",
    ),
  },
  {
    codes:
      /AlreadyExists(Exception|Fault)?$|^BucketAlreadyOwnedByYou$|\.?Duplicate(\w*Name)?(Exception)?$/,
    cause: always(
      "Something with this name exists already and is not in this stack's state",
      "Delete it when it is a leftover, or choose another `name` in infer-deploy.yml.",
    ),
  },
  {
    codes: /^(DependencyViolation|ResourceInUse\w*|DeleteConflict)$/,
    cause: always(
      "Something that this stack did not make still uses the resource",
      "Find its user in the AWS console, remove it, then run the same command again.",
    ),
  },
  {
    codes: /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/,
    cause: always(
      "The state bucket is in another region",
      "Check --region and the region in infer-deploy.yml against the one that the stack was made in.",
    ),
  },
  {
    codes: /^NoSuchBucket$/,
    cause: always(
      "The state bucket does not exist",
      "infer-deploy up makes it; for another account or region check --profile and --region.",
    ),
  },
  {
    text: /Failed to (query available provider packages|install provider)|Could not retrieve the list of available versions/i,
    cause: always(
      "The AWS provider could not be downloaded",
      "Check the network, or name a folder that has it: INFER_DEPLOY_TERRAFORM_MIRROR=/path/to/mirror",
    ),
  },
  {
    codes: /^TimeoutError$/,
    // The words of Go, then those of Node.
    text: /no such host|connection refused|connection reset|i\/o timeout|TLS handshake|network is unreachable|request send failed|\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)\b|socket hang up/i,
    cause: always(
      "AWS could not be reached",
      "Check the network, the proxy settings and --region, then run the same command again.",
    ),
  },
  {
    text: /Saved plan is stale/i,
    cause: always(
      "The state changed after this plan was made",
      "Run the same command again: it makes a new plan.",
    ),
  },
  {
    text: /state snapshot was created by (Terraform|OpenTofu) v|Unsupported (Terraform|OpenTofu) Core version/i,
    cause: always(
      "The state was written by a newer Terraform",
      "Install that version or a newer one: https://developer.hashicorp.com/terraform/install",
    ),
  },
];
