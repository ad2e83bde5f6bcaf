/** What an AWS error says about itself inside a provider's text. */
export interface AwsError {
  /** Such as `EC2`; empty when the text does not say. */
  readonly service: string;
  readonly operation: string;
  /** Such as `UnauthorizedOperation`. */
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
}

/**
 * Reads the error text of the AWS SDK for Go. Version 2 writes `operation error EC2: RunInstances, https response
 * error StatusCode: 403, RequestID: ..., api error Code: message`, without "api error" where the service has its own
 * type for the error. Version 1 writes `Code: message`, then `status code: 403, request id: ...`.
 */
export function parseAwsError(text: string): AwsError | undefined {
  const operation = /operation error ([^:\n]+): (\w+)/.exec(text);
  const requestId = /request ?id: ?([\w-]+)/i.exec(text)?.[1] ?? "";
  const typed =
    /api error ([\w.]+): ?([^\n]*)/.exec(text) ??
    /RequestID: [\w-]*,(?: HostID: [^,\n]*,)? ([A-Z][\w.]+): ?([^\n]*)/.exec(text) ??
    /(?:^|[\s:])([A-Z][A-Za-z]+(?:\.[A-Za-z]+)*): ([^\n]*)\n\s*status code: \d+/.exec(text);
  if (operation === null && typed === null && requestId === "") return undefined;
  return {
    service: operation?.[1] ?? "",
    operation: operation?.[2] ?? "",
    code: typed?.[1] ?? "",
    message: typed?.[2]?.trim() ?? "",
    requestId,
  };
}
