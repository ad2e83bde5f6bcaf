/** Where `model.source` leads. */
export type ModelSource =
  /** `prefix`: an object's key, or what is before the / of several; empty for the whole bucket. */
  | { readonly kind: "s3"; readonly bucket: string; readonly prefix: string }
  /** A model of a hub that speaks Hugging Face's API. */
  | { readonly kind: "hub"; readonly repository: string; readonly revision: string }
  | { readonly kind: "https"; readonly url: string };

export const sourceAllowed =
  "s3://BUCKET/PREFIX, hf://ORGANISATION/NAME@REVISION, or the https address of one file";

/** Undefined for what is none of them. An s3 prefix has no / at its end, and no character that a policy reads as a pattern. */
export function parseModelSource(text: string): ModelSource | undefined {
  const s3 = s3Form.exec(text)?.groups;
  if (s3 !== undefined) {
    return { kind: "s3", bucket: s3["bucket"] ?? "", prefix: s3["prefix"] ?? "" };
  }
  const hub = hubForm.exec(text)?.groups;
  if (hub !== undefined) {
    const { repository = "", revision = "main" } = hub;
    return { kind: "hub", repository, revision };
  }
  return isFileAddress(text) ? { kind: "https", url: text } : undefined;
}

/** A user and a password in the address would be in each release's record. */
function isFileAddress(text: string): boolean {
  if (!/^https:\/\/[!-"$-~]{1,2000}$/.test(text) || !URL.canParse(text)) return false;
  const { password, pathname, username } = new URL(text);
  return username === "" && password === "" && !pathname.endsWith("/");
}

// Names of buckets: Amazon S3 user guide, "General purpose bucket naming rules".
const s3Form =
  /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(?<prefix>[\w.+@=:,~-]+(?:\/[\w.+@=:,~-]+)*)\/?)?\/?$/;
const hubForm =
  /^hf:\/\/(?<repository>[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95})(?:@(?<revision>[\w.+-]+(?:\/[\w.+-]+)*))?$/;
