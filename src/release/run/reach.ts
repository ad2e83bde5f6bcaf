import type { Config } from "../../config/schema/config.ts";
import type { Clock } from "../../process/clock.ts";
import { askAddress, gotNoAnswer, type AddressQuestion } from "../observe/address.ts";
import type { Objection } from "../strategy/strategy.ts";

/**
 * The objection to a release of a private address from a machine that cannot reach it. Its probes would all fail, so the release would
 * start instances only to stop them again.
 */
export async function checkReach(
  {
    clock,
    config,
    fetch,
  }: {
    readonly clock: Pick<Clock, "sleep">;
    readonly config: { readonly network: Pick<Config["network"], "internal"> };
    readonly fetch: typeof globalThis.fetch;
  },
  address: AddressQuestion,
): Promise<readonly Objection[]> {
  if (!config.network.internal) return [];
  let answer = await askAddress(fetch, address);
  for (let tries = 1; gotNoAnswer(answer.detail) && tries < mostTries; tries += 1) {
    await clock.sleep(1000);
    answer = await askAddress(fetch, address);
  }
  if (!gotNoAnswer(answer.detail)) return [];
  return [
    {
      what: `this machine gets no answer from ${address.url}, which is private (${answer.detail})`,
      next: "release from a machine in the VPC, or in a network that is connected to it and that network.allow lets in; if the serving version hangs, --force releases one that does not",
      canForce: true,
    },
  ];
}

const mostTries = 3;
