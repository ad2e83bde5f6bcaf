import type { Door } from "../parts.ts";
import type { Ending } from "../strategy/machine.ts";

/**
 * The ending with the reason why the address gives no answer, where the door knows one, such as a certificate that it does not get. Never throws:
 * without it the ending stays as it is.
 */
export async function explainAddress(
  { door }: { readonly door: Pick<Door, "trouble"> },
  ending: Ending,
): Promise<Ending> {
  const { failure } = ending;
  if (failure === null || door.trouble === undefined || !failure.detail.some(gotNothing)) {
    return ending;
  }
  const found = await door.trouble().catch(() => undefined);
  return found === undefined
    ? ending
    : {
        ...ending,
        failure: {
          ...failure,
          cause: `${failure.cause}, because ${found.cause}`,
          next: found.next,
        },
      };
}

/** A request that got no HTTP answer, as `askAddress` says it. */
function gotNothing(line: string): boolean {
  return /^[A-Z]+ \/\S*: /.test(line);
}
