import type { AwsError } from "./aws-error.ts";
import type { Cause } from "./cause.ts";
import { deniedCause } from "./denied-cause.ts";

/** The known cause of an error; undefined when the error's own words are best. */
export function causeOf(text: string, aws: AwsError | undefined): Cause | undefined {
  const code = aws?.code ?? "";
  const known = knownCauses.find(
    (entry) => (code !== "" && entry.codes?.test(code) === true) || entry.text?.test(text) === true,
  );
  return known?.cause(text, aws);
}

interface KnownCause {
  /** Matches AWS's error codes. */
  readonly codes?: RegExp;
  readonly text?: RegExp;
  readonly cause: (text: string, aws: AwsError | undefined) => Cause;
}

function always(message: string, next: string): KnownCause["cause"] {
  return () => ({ message, next });
}

function general(message: string, next: string): KnownCause["cause"] {
  return () => ({ message, next, isGeneral: true });
}

/** The first match wins: `RequestLimitExceeded` is throttling, other `...LimitExceeded` are quotas. */
const knownCauses: readonly KnownCause[] = [
  {
    text: /errored\.tfstate/,
    cause: always(
      "The state could not be saved to the bucket; it is in errored.tfstate",
      "Run the same command again when the bucket can be reached. It saves errored.tfstate first, so do not delete that file.",
    ),
  },
  {
    codes: /^(ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired)$/,
    text: /security token included in the request is expired|failed to refresh cached (SSO|credentials)|(token|SSO session)\b.* has expired/i,
    cause: general(
      "The AWS credentials have expired",
      "Renew them (with IAM Identity Center: aws sso login), then run the same command again.",
    ),
  },
  {
    codes: /^(RequestTimeTooSkewed|InvalidSignatureException)$/,
    text: /signature (not yet current|expired)/i,
    cause: general(
      "AWS refused the signature: this machine's clock is probably wrong",
      "sudo timedatectl set-ntp true",
    ),
  },
  {
    codes:
      /^(CredentialsProviderError|InvalidClientTokenId|UnrecognizedClientException|AuthFailure|InvalidAccessKeyId|SignatureDoesNotMatch)$/,
    text: /no valid credential sources found|failed to retrieve credentials|failed to get shared config profile/i,
    cause: general("There are no valid AWS credentials", "aws sts get-caller-identity"),
  },
  {
    codes: /^OptInRequired$/,
    cause: always(
      "The region is not enabled for this AWS account",
      "Enable it (aws account enable-region --region-name REGION), or choose another region.",
    ),
  },
  {
    text: /\b(proxyconnect|proxy) .*(refused|407|required|no such host)|Proxy Authentication Required/i,
    cause: general(
      "The proxy does not let the calls to AWS through",
      "Check HTTPS_PROXY and NO_PROXY, then run the same command again.",
    ),
  },
  {
    // Go's words.
    text: /x509: |tls: failed to verify certificate/,
    cause: general(
      "The certificate of AWS's address is not trusted here",
      "Name the file with your network's authority: AWS_CA_BUNDLE=/path/to/ca.pem",
    ),
  },
  {
    codes: /^(UnauthorizedOperation|AccessDenied(Exception)?|AuthorizationError)$/,
    text: /is not authorized to perform/,
    cause: deniedCause,
  },
  {
    codes:
      /^(Throttl\w*|RequestLimitExceeded|RequestThrottled\w*|TooManyRequestsException|SlowDown)$/,
    text: /Rate exceeded/,
    cause: always(
      "AWS throttled the calls, and the retries ran out",
      "Wait a minute, then run the same command again.",
    ),
  },
  {
    codes: /^NotAvailableInZone$/,
    cause: always(
      "This availability zone has no NAT gateways",
      "Remove what was made with infer-deploy destroy, name other zones in network.zones, and run infer-deploy up again.",
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
      "Ask for more in the Service Quotas console (aws service-quotas list-service-quotas --service-code ec2), or delete what you no longer need.",
    ),
  },
  {
    codes:
      /AlreadyExists(Exception|Fault)?$|^BucketAlreadyOwnedByYou$|\.?Duplicate(\w*Name)?(Exception)?$/,
    cause: always(
      "A resource with this name exists already and is not in this stack's state",
      "Delete it if it is a leftover, or choose another `name` in infer-deploy.yml.",
    ),
  },
  {
    codes: /^(DependencyViolation|ResourceInUse\w*|DeleteConflict)$/,
    cause: always(
      "Something outside this stack still uses the resource",
      "Find it in the AWS console, remove it, then run the same command again.",
    ),
  },
  {
    codes: /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/,
    cause: always(
      "The state bucket is in another region",
      "Compare --region and the region in infer-deploy.yml with the region of the stack.",
    ),
  },
  {
    codes: /^NoSuchBucket$/,
    cause: always(
      "The state bucket does not exist",
      "infer-deploy up makes it. If the stack is in another account or region, check --profile and --region.",
    ),
  },
  {
    text: /Failed to (query available provider packages|install provider)|Could not retrieve the list of available versions/i,
    cause: always(
      "The AWS provider could not be downloaded",
      "Check the network, or name a folder that has the provider: INFER_DEPLOY_TERRAFORM_MIRROR=/path/to/mirror",
    ),
  },
  {
    codes: /^TimeoutError$/,
    // Go's words, then Node's.
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
