/**
 * An error for the caller, in the format of OpenAI's API, which its client libraries understand:
 * https://platform.openai.com/docs/guides/error-codes
 */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly param: string | null;
  /** Seconds after which a retry may succeed; null when none will, or when that is unknown. */
  readonly retryAfter: number | null;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { readonly param?: string | null; readonly retryAfter?: number } = {},
  ) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.param = more.param ?? null;
    this.retryAfter = more.retryAfter ?? null;
  }
}

export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: "invalid_request_error" | "server_error";
    readonly param: string | null;
    readonly code: string;
  };
}

export function formatError({ status, code, message, param }: ApiError): ErrorBody {
  const type = status < 500 ? "invalid_request_error" : "server_error";
  return { error: { message, type, param, code } };
}

/** The caller's view of any error: internal ones become a plain 500. */
export function toApiError(error: unknown, bodyBytes: number): ApiError {
  if (error instanceof ApiError) return error;
  switch (frameworkCode(error)) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new ApiError(413, "body_too_large", `The body is larger than ${bodyBytes} bytes.`);
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new ApiError(
        415,
        "unsupported_media_type",
        "Send JSON, with Content-Type: application/json.",
      );
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
    case "FST_ERR_CTP_INVALID_JSON_BODY":
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return new ApiError(400, "invalid_json", "The body is not valid JSON.");
    default:
      return isClientError(error)
        ? new ApiError(error.statusCode, "bad_request", "The request could not be read.")
        : new ApiError(500, "internal_error", "The server failed to answer this request.");
  }
}

/** An address that cannot be decoded. */
export function isBadAddress(error: unknown): boolean {
  return frameworkCode(error) === "FST_ERR_BAD_URL";
}

function frameworkCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

function isClientError(error: unknown): error is { statusCode: number } {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return false;
  const status = error.statusCode;
  return typeof status === "number" && status >= 400 && status < 500;
}
