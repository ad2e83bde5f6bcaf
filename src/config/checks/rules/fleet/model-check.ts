import type { Config } from "../../../schema/config.ts";
import type { Contradiction, Path } from "../../problem.ts";

/** The part of `findContradictions` that is about the weights. */
export function* checkModel({
  container,
  model,
  network,
  secrets,
}: Pick<Config, "container" | "model" | "network" | "secrets">): Iterable<Contradiction> {
  if (model === null) return;
  const { endpoint, from, path, token } = model;
  const taken: readonly (readonly [string, Path | null])[] = [
    ...reserved.map((folder) => [folder, null] as const),
    ...container.writable.map((one, index) => [one, ["container", "writable", index]] as const),
    ...(container.cache === null
      ? []
      : [[container.cache.path, ["container", "cache", "path"]] as const]),
  ];
  for (const [other, key] of taken) {
    if (path === other || path.startsWith(`${other}/`) || other.startsWith(`${path}/`)) {
      yield {
        paths: [["model", "path"], ...(key === null ? [] : [key])],
        found: key === null ? path : `${path} and ${other}`,
        allowed:
          key === null
            ? `a path outside ${other}, which every container has`
            : "folders of which none is in another",
      };
    }
  }
  if (token !== null && !Object.hasOwn(secrets, token)) {
    yield {
      paths: [["model", "token"], ["secrets"]],
      found: `${token}, which is not one of secrets`,
      allowed: "a name of secrets, where it is set to file or env",
    };
  }
  if (token !== null && from.kind === "s3") {
    yield {
      paths: [
        ["model", "token"],
        ["model", "source"],
      ],
      found: "a token for S3",
      allowed: "no token: the instances' role reads S3",
    };
  }
  if (token !== null && from.kind === "hub" && endpoint.startsWith("http:")) {
    yield {
      paths: [
        ["model", "token"],
        ["model", "endpoint"],
      ],
      found: "a token for an address without TLS",
      allowed: "an endpoint with https",
    };
  }
  if (from.kind !== "s3" && network.egress === "endpoints") {
    yield {
      paths: [
        ["model", "source"],
        ["network", "egress"],
      ],
      found: "a source on the internet, and instances that do not reach it",
      allowed: "s3://BUCKET/PREFIX, or another network.egress",
    };
  }
}

const reserved = ["/tmp", "/dev", "/proc", "/sys", "/run/secrets"];
