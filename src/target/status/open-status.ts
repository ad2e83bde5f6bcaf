import type { LoadedConfig } from "../../config/load.ts";
import type { Deps } from "../../deps.ts";
import type { StatusSources } from "../../views/status-sight.ts";
import type { GlobalFlags } from "../flags.ts";
import { openTarget } from "../open-target.ts";
import { ownFetch } from "../parts/own-fetch.ts";
import { requireStack } from "../require-stack.ts";
import type { SeenImages } from "./image-facts.ts";
import { look } from "./look.ts";
import { lookAtDomains } from "./stack-facts.ts";
import { unconfirmedEmails } from "./unconfirmed-emails.ts";

/** Resolves to a function that looks at the stack again at each call. Throws CommandError when the stack was never brought up. */
export async function openStatus(
  deps: Pick<
    Deps,
    | "clock"
    | "connect"
    | "env"
    | "fetch"
    | "fetchThrough"
    | "interactive"
    | "interrupts"
    | "publicDns"
    | "reporter"
    | "run"
  >,
  flags: Pick<GlobalFlags, "debug" | "profile" | "sandbox">,
  loaded: LoadedConfig,
): Promise<() => Promise<StatusSources>> {
  const target = await openTarget(deps, flags, loaded, { tools: [] });
  const stack = await requireStack(target);
  // Once: Route53 answers five calls a second for the whole account.
  const domains = await lookAtDomains(deps, target, stack);
  const images: SeenImages = { scans: new Map(), attestations: new Map() };
  // Once, as its answer changes when a person reads mail.
  const unconfirmed = await unconfirmedEmails(deps, target, stack);
  const isShared = target.config.routing !== "simple";
  const fetch = isShared ? ownFetch(deps, stack.outputs) : deps.fetch;
  return async () => {
    const sources = await look({ ...deps, fetch }, target, stack, domains, images);
    const more = { unconfirmed_emails: unconfirmed, expires: target.config.expires };
    return { ...sources, document: { ...sources.document, ...more } };
  };
}
