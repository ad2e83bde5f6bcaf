import { defaults } from "./defaults.ts";
import * as field from "./fields.ts";
import { group, key } from "./keys.ts";
import { body, headers, methods } from "./request-fields.ts";

/** The request by which a release knows a good version from a bad one, complete. */
export interface ProbeSettings {
  readonly path: string;
  readonly method: (typeof methods)[number];
  /** Has a content-type when the file gives the body as a map or a list. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Of a good answer. */
  readonly status: number;
  /** Keys and indexes joined with dots: a good answer is JSON that has something there. */
  readonly jsonPath: string | null;
  readonly timeoutSeconds: number;
  /** So many failures among the last `window` probes end the release. */
  readonly failures: number;
  readonly window: number;
}

export const probe = group(
  "A request of the kind that users make: before any traffic moves it goes to the new version alone, then every second to the address.",
  {
    path: key(field.urlPath(), "Path that is asked for. Left out, it is health.path."),
    method: key(
      field.choice(methods, "GET, HEAD, POST, PUT, PATCH or OPTIONS"),
      "Method of the request.",
      defaults.release.probe.method,
    ),
    headers: key(headers(), "Headers of the request. Not for secrets.", {}),
    body: key(
      body(),
      "Body of the request. Text is sent as it is; a map or a list is sent as JSON, with content-type: application/json unless headers say otherwise. An environment's body replaces the file's as a whole.",
    ),
    status: key(
      field.wholeNumber(200, 599),
      "Status of a good answer.",
      defaults.release.probe.status,
    ),
    json_path: key(
      field.text(
        /^(?=.{1,256}$)[^\s.[\]$"'*]+(?:\.[^\s.[\]$"'*]+)*$/,
        "keys and indexes joined with dots, such as data.0.embedding",
      ),
      "What a good answer must have in its JSON.",
    ),
    timeout: key(
      // The load balancer gives up on an answer after 60 seconds.
      field.duration(0.1, 60, 0.001),
      "Time that an answer may take.",
      defaults.release.probe.timeout,
    ),
    failures: key(
      field.wholeNumber(1, 100),
      "So many failures among the last probes end the release.",
      defaults.release.probe.failures,
    ),
    window: key(
      field.wholeNumber(1, 100),
      "Number of the last probes among which failures are counted.",
      defaults.release.probe.window,
    ),
  },
);
