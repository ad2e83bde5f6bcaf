import type { HostedZone } from "../aws/dns/hosted-zones.ts";
import type { Config } from "../config/schema/config.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { Reporter } from "../report/reporter.ts";

export interface ZoneMaker {
  readonly zones: (nameOrId: string) => Promise<readonly HostedZone[]>;
  /** Makes a public zone. */
  readonly create: (name: string) => Promise<HostedZone>;
}

/**
 * Makes the zone that the configuration names, unless the account has one. Nothing of infer-deploy deletes it: it holds the records of other
 * programs, too. Throws CommandError (64) when the configuration names no zone, or one by its id.
 */
export async function makeZone(
  { zone }: Pick<Config, "zone">,
  { zones, create }: ZoneMaker,
  reporter: Pick<Reporter, "notify">,
): Promise<void> {
  if (zone === null) {
    throw new CommandError("There is no zone to make.", {
      exitCode: exitCodes.usage,
      where: "--make-zone",
      why: "infer-deploy.yml names no zone",
      next: "set domain and zone in infer-deploy.yml, such as api.example.com and example.com",
    });
  }
  if ((await zones(zone)).length > 0) return;
  if (!zone.includes(".")) {
    throw new CommandError(`There is no Route53 zone ${zone} in this account.`, {
      exitCode: exitCodes.usage,
      where: `zone: ${zone} in infer-deploy.yml`,
      why: "it is an id, which Route53 gives a zone when it makes it",
      next: "write the zone's name, such as example.com",
    });
  }
  const made = await create(zone);
  const text = `made the Route53 zone ${made.name} (${made.id}), 0.50 USD a month; destroy leaves it, because other records may be in it`;
  reporter.notify({ type: "note", text });
}
