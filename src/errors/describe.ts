import { CommandError } from "./command-error.ts";
import { fileError } from "./file-error.ts";
import type { Cause } from "./cause.ts";
import { causeOf } from "./known-causes.ts";
import { networkCause } from "./network-cause.ts";

/** What an error says to a person. */
export interface Description {
  /** What went wrong; one sentence. */
  readonly message: string;
  readonly where: string | undefined;
  /** The cause in its author's words, with the request id that AWS support asks for. */
  readonly why: string | undefined;
  readonly next: string | undefined;
}

/**
 * Our own errors as they are, AWS's with their known cause, all others in their own words.
 * The release's loop, the log and the exit of the program all describe errors here, so none of them loses AWS's request id.
 */
export function describe(error: unknown): Description {
  if (error instanceof CommandError) {
    const why = error.why ?? causeText(error.cause);
    return {
      message: error.message,
      where: error.where,
      why: why === "" ? undefined : why,
      next: error.next,
    };
  }
  const known = knownCause(error);
  if (known !== undefined) {
    return { ...known, where: undefined, why: ownWords(error) };
  }
  const disk = diskCause(error);
  if (disk !== undefined) {
    return { ...disk, why: ownWords(error) };
  }
  const refused = fileError(error);
  if (refused !== undefined) return describe(refused);
  const network = networkCause(error);
  if (network !== undefined) {
    const message = `AWS cannot be reached: ${network.message}`;
    return { message, where: undefined, why: ownWords(error), next: network.next };
  }
  const id = awsRequestId(error);
  return {
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    where: id === undefined ? undefined : `AWS request ${id}`,
    why: undefined,
    next: undefined,
  };
}

/** The same as a phrase, for a step's detail, a warning or a record. */
export function describeLine(error: unknown): string {
  const { message, where, why } = describe(error);
  const more = why ?? where;
  const sentence = message.replace(/\.$/, "");
  return more === undefined ? sentence : `${sentence} (${more})`;
}

/** What an error of the AWS SDK means; undefined for an unknown one and for any other error. */
function knownCause(error: unknown): Cause | undefined {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  // For network errors the name comes from Node, and the kind is in `code`.
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return causeOf(`${code} ${error.message}`, {
    service: "",
    operation: "",
    code: error.name,
    message: error.message,
    requestId: awsRequestId(error) ?? "",
  });
}

/** What Node says about this machine's own disk. */
function diskCause(error: unknown): (Cause & { readonly where: string | undefined }) | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const message = diskCauses[String(error.code)];
  const where = "path" in error && typeof error.path === "string" ? error.path : undefined;
  return message === undefined
    ? undefined
    : { message, where, next: "Free space there, then run the same command again." };
}

const diskCauses: Readonly<Record<string, string>> = {
  ENOSPC: "This machine's disk is full",
  EDQUOT: "This user's disk quota is used up",
};

function causeText(cause: unknown): string | undefined {
  return cause instanceof Error ? ownWords(cause) : undefined;
}

function ownWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const id = awsRequestId(error);
  // The name CommandError means nothing to a person.
  const name = error.name === "Error" || error instanceof CommandError ? "" : `${error.name}: `;
  return `${name}${error.message}${id === undefined ? "" : ` (AWS request ${id})`}`;
}

/** AWS SDK v3 errors carry `$metadata.requestId`. */
function awsRequestId(error: unknown): string | undefined {
  const metadata = (error as { readonly $metadata?: { readonly requestId?: string } } | null)
    ?.$metadata;
  return metadata?.requestId;
}
