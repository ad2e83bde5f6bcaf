import { causeOf } from "./known-causes.ts";
import type { Cause } from "./known-causes.ts";

export interface AwsFailure extends Cause {
  /** AWS's own words, with the number under which its support finds the request. */
  readonly why: string;
}

/** What an error of the AWS SDK means to the user; undefined for every other error, and for one that is not known. */
export function explainAwsFailure(error: unknown): AwsFailure | undefined {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  const id = awsRequestId(error) ?? "";
  // An error of the network has its name from Node, and its kind in `code`.
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const known = causeOf(`${code} ${error.message}`, {
    service: "",
    operation: "",
    code: error.name,
    message: error.message,
    requestId: id,
  });
  if (known === undefined) return undefined;
  const name = error.name === "Error" ? "" : `${error.name}: `;
  return { ...known, why: `${name}${error.message}${id === "" ? "" : ` (AWS request ${id})`}` };
}

/** AWS SDK v3 errors carry `$metadata.requestId`. */
export function awsRequestId(error: unknown): string | undefined {
  const metadata = (error as { readonly $metadata?: { readonly requestId?: string } } | null)
    ?.$metadata;
  return metadata?.requestId;
}
