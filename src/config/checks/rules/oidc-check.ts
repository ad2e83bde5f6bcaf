import type { Config } from "../../schema/config.ts";
import type { Contradiction } from "../problem.ts";

/** The part of `findContradictions` that is about the login of `auth: oidc`. */
export function* checkOidc({
  domains,
  https,
  network,
  oidc,
}: Pick<Config, "domains" | "https" | "network" | "oidc">): Iterable<Contradiction> {
  if (oidc === null) return;
  if (oidc.issuer === "") {
    yield {
      paths: [["oidc", "issuer"], ["auth"]],
      found: "oidc without oidc.issuer",
      allowed: "oidc with the issuer's URL, such as https://login.example.com",
    };
  }
  if (oidc.clientId === "") {
    yield {
      paths: [["oidc", "client_id"], ["auth"]],
      found: "oidc without oidc.client_id",
      allowed: "oidc with the id of the client that is registered at the issuer",
    };
  }
  if (https === "cloudfront") {
    yield {
      paths: [["auth"], ["https"]],
      found: "oidc with https: cloudfront",
      allowed:
        "oidc with a domain and a zone: the load balancer makes the login, and behind CloudFront it has no HTTPS",
    };
  } else if (domains.length === 0) {
    yield {
      paths: [["auth"], ["domain"]],
      found: "oidc without a domain",
      allowed: "oidc with a domain and a zone: a load balancer makes a login over HTTPS only",
    };
  }
  if (network.internal && network.vpc === null && !network.egress.startsWith("nat")) {
    yield {
      paths: [["network", "egress"], ["auth"]],
      found: `${network.egress} with auth: oidc and a private address`,
      allowed:
        "nat or nat-per-zone: only through a NAT gateway a private load balancer reaches the issuer",
    };
  }
}
