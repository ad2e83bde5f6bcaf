import * as z from "zod/mini";
import { CommandError } from "../errors/command-error.ts";
import { firstIssue } from "./document.ts";

const slot = z.looseObject({
  run: z.boolean(),
  /** Seconds since 1970. From then on the slot does not run. */
  until: z.nullable(z.number()),
});

const schema = z.looseObject({
  /** Grows with each change. The machine reports the newest one that it follows. */
  generation: z.int(),
  /** REGISTRY/REPOSITORY@sha256:DIGEST of the image with Caddy in it; null before the first release. */
  image: z.nullable(z.string()),
  weights: z.object({ blue: z.number(), green: z.number() }),
  /** Requests with this value of the probe's header go to the colour, whatever the weights are. */
  probe: z.nullable(z.object({ colour: z.enum(["blue", "green"]), token: z.string() })),
  /** What is answered in place of the service, except to requests with the pass. */
  pause: z.nullable(
    z.object({
      content_type: z.string(),
      body: z.string(),
      token: z.string(),
      /** Seconds. */
      retry_after: z.number(),
    }),
  ),
  slots: z.object({ blue: slot, green: slot }),
  /** Whether the names lead elsewhere, so that each answer ends its connection. Absent: they lead here. */
  leaving: z.optional(z.boolean()),
});

/** Value of the parameter that the door of one machine follows: where it sends requests, and which colours run. */
export type Traffic = z.infer<typeof schema>;

/** Throws CommandError for a value that this version cannot read. `name`: of the parameter. */
export function parseTraffic(text: string, name: string): Traffic {
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new CommandError("The machine's traffic cannot be read.", {
    where: `parameter ${name}`,
    why: firstIssue(parsed.error),
    next: `aws ssm get-parameter-history --name ${name} shows who changed it, and the value before`,
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
