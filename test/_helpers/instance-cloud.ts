/**
 * What one instance needs of AWS, held in memory: metadata service (1338), SSM, S3, ECR, Secrets Manager, CloudWatch Logs and EC2's
 * AssociateAddress (5000), and a read-only registry (5001) of the unpacked `docker save` archive in /image. Runs by itself in a container of the Node image.
 * The contract: requests must be signed (the form is checked, not the signature); every version of an S3 object is kept and
 * answered at GET :5000/_history/KEY; PUT :5000/_refuse {target, times, status, code} makes the next calls of a target fail;
 * PUT :5000/_clock takes the seconds that the cloud's clock is ahead: a signature more than five minutes off is refused then;
 * GET :5000/_addresses has each AssociateAddress; PUT :5000/_lifecycle takes the target lifecycle state that the Auto Scaling group would show in the metadata, which has none before.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";

interface Refusal {
  readonly target: string;
  times: number;
  readonly status: number;
  readonly code: string;
}

interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const parameters = new Map<string, string>();
const objects = new Map<string, Buffer[]>();
const secrets = new Map<string, string>();
const refusals: Refusal[] = [];
const logEvents: string[] = [];
const addresses: Record<string, string>[] = [];
let lifecycle: string | undefined;
let aheadSeconds = 0;
const blobs = new Map<string, { readonly type: string; readonly content: Buffer }>();

const cloudTime = (): number => Date.now() + aheadSeconds * 1000;

serve(1338, (request) => metadata(request.method, request.url ?? ""));
serve(5000, aws);
serve(5001, (request) => registry(request.url ?? ""));

function metadata(method: string | undefined, path: string): Answer {
  const role = "/latest/meta-data/iam/security-credentials/";
  const values: Record<string, string | undefined> = {
    "/latest/api/token": "token",
    "/latest/meta-data/instance-id": "i-0123456789abcdef0",
    "/latest/meta-data/placement/availability-zone": "eu-central-1a",
    "/latest/meta-data/autoscaling/target-lifecycle-state": lifecycle,
    [role]: "instance",
    [`${role}instance`]: JSON.stringify({
      Code: "Success",
      Type: "AWS-HMAC",
      AccessKeyId: "key",
      SecretAccessKey: "secret",
      Token: "session",
      Expiration: new Date(Date.now() + 3_600_000).toISOString(),
    }),
  };
  const value = values[path];
  return value === undefined || (path === "/latest/api/token") !== (method === "PUT")
    ? { status: 404, body: "" }
    : { status: 200, body: value };
}

async function aws(request: IncomingMessage): Promise<Answer> {
  const content = await read(request);
  const body = content.toString();
  const path = request.url ?? "";
  if (path.startsWith("/_history/"))
    return json((objects.get(path.slice("/_history".length)) ?? []).map(String));
  if (path === "/_logs") return json(logEvents);
  if (path === "/_images") return json(loadImages());
  if (path === "/_addresses") return json(addresses);
  if (path === "/_clock") {
    aheadSeconds = Number(body);
    return json({});
  }
  if (path === "/_refuse") {
    refusals.push(JSON.parse(body) as Refusal);
    return json({});
  }
  if (path === "/_lifecycle") {
    lifecycle = JSON.parse(body) as string;
    return json({});
  }
  if (path.startsWith("/_objects/")) {
    objects.set(path.slice("/_objects".length), [content]);
    return json({});
  }
  const target = String(request.headers["x-amz-target"] ?? `S3.${request.method}`);
  const refusal = refusals.find((candidate) => candidate.target === target && candidate.times > 0);
  if (refusal !== undefined) {
    refusal.times -= 1;
    return {
      status: refusal.status,
      body: JSON.stringify({ __type: refusal.code, message: "refused for the test" }),
    };
  }
  if (
    target !== "SSM.PutParameter" &&
    !request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 ")
  ) {
    return { status: 403, body: JSON.stringify({ __type: "MissingAuthenticationToken" }) };
  }
  if (isSkewed(request.headers["x-amz-date"])) {
    return { status: 403, body: JSON.stringify({ __type: "RequestTimeTooSkewed" }) };
  }
  if (target === "S3.POST") {
    addresses.push(Object.fromEntries(new URLSearchParams(body)));
    const answer = "<AssociateAddressResponse><return>true</return></AssociateAddressResponse>";
    return { status: 200, body: answer };
  }
  return target.startsWith("S3.")
    ? s3(request.method, path, content)
    : call(target, JSON.parse(body) as Record<string, unknown>);
}

/** As AWS does: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
function isSkewed(stamp: string | string[] | undefined): boolean {
  const iso = String(stamp).replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z");
  return Math.abs(Date.parse(iso) - cloudTime()) > 300_000;
}

function s3(method: string | undefined, path: string, body: Buffer): Answer {
  const versions = objects.get(path) ?? [];
  if (method === "PUT") {
    objects.set(path, [...versions, body]);
    return { status: 200, body: "" };
  }
  const last = versions.at(-1);
  return last === undefined
    ? {
        status: 404,
        body: "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>",
      }
    : { status: 200, body: last };
}

function call(target: string, input: Record<string, unknown>): Answer {
  const name = String(input["Name"] ?? input["SecretId"]);
  switch (target) {
    case "SSM.PutParameter":
      parameters.set(name, String(input["Value"]));
      return json({});
    case "AmazonSSM.GetParameter":
      return parameters.has(name)
        ? json({ Parameter: { Name: name, Value: parameters.get(name) } })
        : { status: 400, body: JSON.stringify({ __type: "ParameterNotFound" }) };
    case "AmazonSSM.GetParameters":
      return json({
        Parameters: (input["Names"] as string[])
          .filter((one) => parameters.has(one))
          .map((one) => ({ Name: one, Value: parameters.get(one) })),
      });
    case "secretsmanager.PutSecretValue":
      secrets.set(name, String(input["SecretString"]));
      return json({});
    case "secretsmanager.GetSecretValue":
      return json({ SecretString: secrets.get(name) });
    case "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken":
      return json({
        authorizationData: [{ authorizationToken: Buffer.from("AWS:password").toString("base64") }],
      });
    case "Logs_20140328.PutLogEvents":
      logEvents.push(
        ...(input["logEvents"] as { message: string }[]).map((event) => event.message),
      );
      return json({ nextSequenceToken: "1" });
    default:
      return json({});
  }
}

function registry(path: string): Answer {
  const found = blobs.get(path.split("/").at(-1) ?? "");
  if (path === "/v2/") return json({});
  if (path.startsWith("/v2/forbidden/"))
    return registryError(403, "DENIED", "requested access to the resource is denied");
  return found === undefined
    ? registryError(404, "MANIFEST_UNKNOWN", "manifest unknown")
    : { status: 200, body: found.content, headers: { "content-type": found.type } };
}

function registryError(status: number, code: string, message: string): Answer {
  return {
    status,
    body: JSON.stringify({ errors: [{ code, message }] }),
    headers: { "content-type": "application/json" },
  };
}

interface SavedImage {
  readonly RepoTags: readonly string[];
  readonly Config: string;
  readonly Layers: readonly string[];
}

/** Turns the saved images into blobs and manifests; answers the manifests' digests by tag. */
function loadImages(): Record<string, string> {
  const saved = JSON.parse(readFileSync("/image/manifest.json", "utf8")) as SavedImage[];
  const digests = new Map(saved.map((image) => [image.RepoTags[0] ?? "", loadImage(image).digest]));
  return Object.fromEntries(digests);
}

function loadImage(saved: SavedImage): { digest: string } {
  const kind = "application/vnd.docker";
  const config = keep(readFileSync(`/image/${saved.Config}`), `${kind}.container.image.v1+json`);
  const layers = saved.Layers.map((layer) =>
    keep(gzipSync(readFileSync(`/image/${layer}`)), `${kind}.image.rootfs.diff.tar.gzip`),
  );
  const mediaType = `${kind}.distribution.manifest.v2+json`;
  return keep(
    Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers })),
    mediaType,
  );
}

function keep(content: Buffer, type: string): { mediaType: string; size: number; digest: string } {
  const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  blobs.set(digest, { type, content });
  return { mediaType: type, size: content.length, digest };
}

function json(value: unknown): Answer {
  return {
    status: 200,
    body: JSON.stringify(value),
    headers: { "content-type": "application/json" },
  };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function serve(port: number, answer: (request: IncomingMessage) => Answer | Promise<Answer>): void {
  createServer((request: IncomingMessage, response: ServerResponse) => {
    void Promise.resolve(answer(request)).then(({ status, body, headers }) => {
      response.writeHead(status, {
        ...headers,
        date: new Date(cloudTime()).toUTCString(),
        "content-length": Buffer.byteLength(body),
      });
      response.end(request.method === "HEAD" ? undefined : body);
    });
  }).listen(port, "0.0.0.0");
}
