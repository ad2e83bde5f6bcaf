/** Why a request got no answer from AWS: a phrase for a sentence, and what to do. */
export interface NetworkCause {
  readonly message: string;
  readonly next: string;
}

/** The cause of an error of the connection; undefined for an answer of the service, and for any other error. */
export function networkCause(error: unknown): NetworkCause | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const text = `${code} ${error.name} ${error.message}`;
  if (error.name === "ProxyError") {
    return {
      message: error.message,
      next: `check HTTPS_PROXY and NO_PROXY; aws and terraform read them too`,
    };
  }
  if (/unsuitable certificate purpose|CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|x509:/.test(text)) {
    return {
      message: `the certificate of AWS's address is not trusted here (${code === "" ? error.message : code})`,
      next: "name the file with your network's authority: AWS_CA_BUNDLE=/path/to/ca.pem",
    };
  }
  const host = /\b(?:ENOTFOUND|EAI_AGAIN) (\S+)/.exec(error.message)?.[1];
  if (host !== undefined) {
    return {
      message: `the name ${host} does not resolve here`,
      next: "check DNS and --region; behind a proxy set HTTPS_PROXY",
    };
  }
  return undefined;
}
