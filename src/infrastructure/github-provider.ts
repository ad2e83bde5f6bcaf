import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { Reporter } from "../report/reporter.ts";

/** The account's OpenID Connect provider for GitHub, which all its stacks share. */
export interface GithubProvider {
  readonly arn: string;
  /** Undefined when the account has none. */
  readonly audiences: () => Promise<readonly string[] | undefined>;
  readonly create: () => Promise<void>;
}

/**
 * Says that `up` makes the provider when the account has none. Throws CommandError (64) when it refuses the tokens that AWS's action for
 * GitHub asks for. `place`: where the configuration asks for roles.
 */
export async function checkProvider(
  { arn, audiences }: Pick<GithubProvider, "arn" | "audiences">,
  reporter: Pick<Reporter, "notify">,
  place: string,
): Promise<void> {
  const found = await audiences();
  if (found === undefined) {
    const text =
      "`up` makes the account's OpenID Connect provider for GitHub, which all stacks share and destroy leaves";
    reporter.notify({ type: "note", text });
    return;
  }
  if (!found.includes(audience)) {
    throw new CommandError(
      `The account's OpenID Connect provider for GitHub does not accept ${audience}.`,
      {
        exitCode: exitCodes.usage,
        where: `github (${place})`,
        why: `it accepts ${found.length === 0 ? "no audience" : found.join(", ")}; workflows ask for tokens with the audience ${audience}, and AWS would refuse them`,
        next: `aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${arn} --client-id ${audience}`,
      },
    );
  }
}

/** Makes the provider when the account has none. */
export async function ensureProvider({
  audiences,
  create,
}: Pick<GithubProvider, "audiences" | "create">): Promise<void> {
  if ((await audiences()) === undefined) await create();
}

const audience = "sts.amazonaws.com";
