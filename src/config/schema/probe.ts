import type * as z from "zod/mini";
import { secondsOf } from "../fields/time/duration.ts";
import * as field from "../fields/fields.ts";
import { group, key } from "../fields/keys.ts";
import type { Protocol } from "./requests.ts";
import { body, bodyText, headers, methods } from "../fields/request-fields.ts";

/** The request that proves a version, with every default filled in. */
export interface ProbeSettings {
  readonly path: string;
  readonly method: (typeof methods)[number];
  /** Includes a content-type when the file gives the body as a map or a list. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** The status of a good answer; of gRPC its code. */
  readonly status: number;
  /** Keys and indexes joined with dots. A good answer is JSON that has a value there. */
  readonly jsonPath: string | null;
  readonly timeoutSeconds: number;
  /** This many failures among the last `window` probes end the release. */
  readonly failures: number;
  readonly window: number;
}

const byDefault = { method: "GET", status: 200, timeout: "5s", failures: 3, window: 10 } as const;
const grpcDefaults = { method: "POST", status: 0 } as const;

const statusAllowed = "a whole number from 200 to 599, or of gRPC from 0 to 99";

export const probe = group(
  "A request like those of your users. It goes to the new version before any traffic moves, then to the address every second.",
  {
    path: key(field.urlPath(), "Path of the request. Default: health.path."),
    method: key(
      field.choice(methods),
      "Method of the request. With requests.protocol: grpc always POST.",
      byDefault.method,
    ),
    headers: key(headers(), "Headers of the request. Not for secrets.", {}),
    body: key(
      body(),
      "Body of the request. Text is sent as is. A map or a list is sent as JSON, with content-type: application/json unless headers say otherwise. With requests.protocol: grpc, text is the bytes of one encoded message. An environment's body replaces the file's whole body.",
    ),
    status: key(
      field.answerCode(599, statusAllowed),
      "Status of a good answer. With requests.protocol: grpc, gRPC's code; default 0.",
      byDefault.status,
    ),
    json_path: key(
      field.text(
        /^(?=.{1,256}$)[^\s.[\]$"'*]+(?:\.[^\s.[\]$"'*]+)*$/,
        "keys and indexes joined with dots, such as data.0.embedding",
      ),
      "What a good answer must have in its JSON.",
    ),
    timeout: key(
      // requests.timeout limits it too; release-check.ts compares them.
      field.duration(0.1, 4000, 0.001),
      "Time that an answer may take, at most requests.timeout.",
      byDefault.timeout,
    ),
    failures: key(
      field.wholeNumber(1, 100),
      "This many failures among the last probes end the release.",
      byDefault.failures,
    ),
    window: key(
      field.wholeNumber(1, 100),
      "Number of recent probes in which failures are counted.",
      byDefault.window,
    ),
  },
);

type ProbeKeys = NonNullable<z.infer<typeof probe>>;

export function settleProbe(
  keys: ProbeKeys = {},
  healthPath: string,
  healthCodes: readonly number[] | null,
  protocol: Protocol,
): ProbeSettings {
  const path = keys.path ?? healthPath;
  const usual = protocol === "grpc" ? grpcDefaults : byDefault;
  return {
    path,
    method: keys.method ?? usual.method,
    headers: settleHeaders(keys),
    // An environment removes the file's body with an empty text.
    body: keys.body === undefined || keys.body === "" ? null : bodyText(keys.body),
    status: keys.status ?? (path === healthPath ? healthCodes?.[0] : undefined) ?? usual.status,
    jsonPath: keys.json_path ?? null,
    timeoutSeconds: secondsOf(keys.timeout ?? byDefault.timeout),
    failures: keys.failures ?? byDefault.failures,
    window: keys.window ?? byDefault.window,
  };
}

function settleHeaders({
  body: sent,
  headers: given,
}: ProbeKeys): Readonly<Record<string, string>> {
  const written = field.toText(given);
  const hasType = Object.keys(written).some((name) => name.toLowerCase() === "content-type");
  return typeof sent === "object" && !hasType
    ? { "content-type": "application/json", ...written }
    : written;
}
