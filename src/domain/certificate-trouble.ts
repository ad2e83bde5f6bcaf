/** What the advice depends on. */
export interface Advised {
  readonly domain: string;
  /** The machine's address; undefined before there is one. */
  readonly address: string | undefined;
  /** The Route53 zone; null where the domain is elsewhere; undefined where that is not known. */
  readonly zone: string | null | undefined;
}

/** What a person reads of an order that failed: the authority's own sentence, without the path that it took through Caddy. */
export function troubleText(problem: string): string {
  const line = problem
    .replace(/ \(ca=\S+\)$/, "")
    // An answer without a body, as to a HEAD request.
    .replace(/: JSON-decoding problem details: .*$/s, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  const [, kind, sentence] = /acme:error:(\w+) - (.+)/.exec(line) ?? [];
  const short = sentence === undefined ? line : `${sentence} (${kind})`;
  return short.length <= mostCharacters ? short : `${short.slice(0, mostCharacters - 1)}…`;
}

/** The next step of a person. Problem types: RFC 8555, 6.7. */
export function troubleAdvice(problem: string, { address, domain, zone }: Advised): string {
  const kind = /acme:error:(\w+)/.exec(problem)?.[1] ?? "";
  if (kind === "rateLimited") {
    return "wait: Caddy tries again by itself, and another machine would meet the same limit";
  }
  if (kind === "caa") {
    return `add the record: ${domain}.  CAA  0 issue "letsencrypt.org"`;
  }
  if (kind === "rejectedIdentifier") {
    return "choose another domain: Let's Encrypt issues nothing for this one";
  }
  if (isOfValidation(kind)) {
    const place = address ?? "the machine";
    const lead = `${domain} must lead to ${place} and nowhere else`;
    if (zone === undefined) return `${lead}: infer-deploy status shows where it leads`;
    return zone === null
      ? `${lead}: make the record ${domain}.  60  A  ${place}; Caddy tries again by itself`
      : `${lead}: infer-deploy up --refresh sets its record; Caddy tries again by itself`;
  }
  if (/x509: certificate has expired or is not yet valid/.test(problem)) {
    return "the machine's clock is off: end the instance, so that its group starts another";
  }
  return "nothing to do at first: Caddy tries again by itself, and https://letsencrypt.status.io shows the authority's troubles";
}

function isOfValidation(kind: string): boolean {
  return ["connection", "dns", "incorrectResponse", "tls", "unauthorized"].includes(kind);
}

/** A line of a terminal or two. */
const mostCharacters = 240;
