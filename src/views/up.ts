import type { Auth } from "../config/schema/auth.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { githubLines, type GithubRoles } from "./parts/github-roles.ts";
import { addressOf, httpOnly, isHttps, isOpenToWorld, whoMayAsk } from "./parts/place.ts";
import { unconfirmedLines } from "./parts/alerts.ts";

/** `up --json`. */
export interface UpDocument {
  readonly schema_version: 1;
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly url: string;
  /** Whether the address speaks HTTPS. Without a domain it does not. */
  readonly https: boolean;
  /** keys: a request needs an API key. oidc: a login. */
  readonly auth: Auth;
  /** Where people log in; null without a login. */
  readonly issuer: string | null;
  /** See `whoMayAsk`. */
  readonly open_to: readonly string[] | null;
  readonly version: string;
  readonly digest: string;
  readonly release: number;
  /** Whether this run changed anything. */
  readonly changed: boolean;
  /** Whether the build context has changed since the release was built. */
  readonly sources_changed: boolean;
  /** Whether the running release has other container settings than the configuration. */
  readonly settings_changed: boolean;
  /** The keys that differ. */
  readonly changed_settings: readonly string[];
  /** Of CloudWatch's dashboard; null without `dashboard`. */
  readonly dashboard: string | null;
  /** Addresses of `alerts.email` that get nothing until their readers confirm. */
  readonly unconfirmed_emails: readonly string[];
  /** ARNs of the roles for GitHub's workflows; null without `github`. */
  readonly github_roles: GithubRoles | null;
}

export function upDocument(
  stack: StackRecord,
  release: ReleaseRecord,
  facts: {
    readonly changed: boolean;
    readonly sourcesChanged: boolean;
    readonly changedSettings: readonly string[];
    readonly unconfirmedEmails?: readonly string[];
  },
): UpDocument {
  return {
    ...addressOf(stack),
    https: isHttps(stack),
    ...whoMayAsk(stack),
    version: release.version,
    digest: release.digest,
    release: release.release,
    changed: facts.changed,
    sources_changed: facts.sourcesChanged,
    settings_changed: facts.changedSettings.length > 0,
    changed_settings: facts.changedSettings,
    dashboard: stack.outputs.dashboard_url ?? null,
    unconfirmed_emails: facts.unconfirmedEmails ?? [],
    github_roles: stack.outputs.github_role_arns ?? null,
  };
}

/** The first line is the address alone, so that a script can read it. */
export function upText(document: UpDocument): string {
  const state = document.changed || document.settings_changed ? "is up" : "is up to date";
  const lines = [
    document.url,
    `${document.name} (${document.environment}) ${state}: version ${document.version}`,
  ];
  if (!document.https) {
    lines.push(`The address is ${httpOnly}.`);
  }
  if (isOpenToWorld(document)) {
    lines.push(
      "The address is open to the world; with a load balancer, network.allow names the ranges that may send requests, and auth asks for a key or a login.",
    );
  }
  if (document.auth === "keys") {
    lines.push(
      "Each request needs the header x-api-key with a valid key: infer-deploy keys show prints it.",
    );
  }
  if (document.auth === "oidc") {
    lines.push(
      `Login required (${document.issuer}); the issuer must know the redirect URL ${document.url}/oauth2/idpresponse.`,
    );
  }
  if (document.dashboard !== null) lines.push(`Dashboard: ${document.dashboard}`);
  lines.push(...unconfirmedLines(document.unconfirmed_emails));
  lines.push(...githubLines(document.github_roles));
  if (document.sources_changed) {
    lines.push(
      "The image's sources have changed since that version was built; `up` leaves a running version alone.",
    );
  }
  if (document.settings_changed) {
    lines.push(
      `The running version does not have these settings of infer-deploy.yml yet: ${document.changed_settings.join(", ")}. infer-deploy release applies them.`,
    );
  }
  return `${lines.join("\n")}\n`;
}
