import { keyRule } from "../../aws/api-keys/key-rules.ts";
import { describeLine } from "../../errors/describe.ts";
import type { Clock } from "../../process/clock.ts";
import type { Session } from "../session.ts";
import type { Ending } from "../strategy/machine.ts";

/**
 * The ending with the rule of AWS WAF that blocked the probe, where one did: an answer of 403 or 429 looks like the version's own. Never
 * throws; what AWS WAF cannot be asked is said in a line.
 */
export async function explainBlockedProbe(
  { config, clock, firewall }: Pick<Session, "config" | "firewall"> & { readonly clock: Clock },
  ending: Ending,
): Promise<Ending> {
  const { failure } = ending;
  if (failure === null || (config.waf.mode === "none" && config.auth !== "keys")) return ending;
  const refusal = config.auth === "keys" ? ofRulesAndKeys : ofRules;
  const isBlocked = failure.detail.some((line) => refusal.test(line));
  if (!isBlocked) return ending;
  const to = clock.now();
  const from = new Date(to.getTime() - lookBackMilliseconds);
  try {
    const rule = await firewall.blockingRule({ from, to });
    if (rule?.endsWith(keyRule) === true) {
      return {
        ...ending,
        failure: {
          ...failure,
          cause: `${failure.cause}, because AWS WAF did not accept their API key`,
          next: "infer-deploy keys list shows which keys are in force, and infer-deploy up --refresh sets them again; then release again",
        },
      };
    }
    return rule === undefined
      ? ending
      : {
          ...ending,
          failure: {
            ...failure,
            cause: `${failure.cause}, because AWS WAF blocked them by its rule ${rule}`,
            next: "Make release.probe a request like those of your users; or set waf.mode: count, and run infer-deploy up, then release again",
          },
        };
  } catch (error) {
    const line = `AWS WAF may have blocked it, but could not be asked: ${describeLine(error)}`;
    return { ...ending, failure: { ...failure, detail: [...failure.detail, line] } };
  }
}

/** AWS WAF's answers: of its rules, above its rate, and without a valid API key. */
const ofRules = /answered (?:403|429)\b/;
const ofRulesAndKeys = /answered (?:401|403|429)\b/;

const lookBackMilliseconds = 10 * 60_000;
