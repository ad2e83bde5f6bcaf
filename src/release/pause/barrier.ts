import { CommandError } from "../../errors/command-error.ts";
import { span } from "../../report/span.ts";
import type { PauseDocument } from "../../state/pause.ts";
import { askAddress, connectionReason, gotNoAnswer } from "../observe/address.ts";
import { answerOf } from "./answer.ts";
import type { PauseDeps } from "./pause-deps.ts";

/** How the address was seen to follow: "silent" when it gives no answer here, as a private one does outside its network. */
export type Seen = "seen" | "silent";

/**
 * Gives users the answer of the pause, or changes it, and waits until they get it. A load balancer's machines do not learn of a rule at the
 * same moment, so several answers in a row count. Throws CommandError (1) when other answers still come after a minute.
 */
export async function closeBarrier(deps: PauseDeps, pause: PauseDocument): Promise<Seen> {
  const answer = answerOf(pause);
  if (answer === undefined) throw new Error("there is no answer for a pause without a reason");
  return span(deps.reporter, "pause", "Answer 503 at the address", async ({ done, progress }) => {
    await deps.barrier.close(answer);
    const seen = await awaitAnswers(deps, progress, async () => {
      const { status, text } = await ask(deps);
      return status === 503 && text === answer.body;
    });
    if (seen === "late") {
      throw new CommandError("The address does not answer with the message yet.", {
        where: deps.address.url,
        why: "the load balancer has its rule, and other answers still come after a minute; a rule of your own may come before it",
        next: "infer-deploy status shows what it answers; the same command again waits once more",
      });
    }
    done(seen === "silent" ? unreached : "");
    return seen;
  });
}

/** Gives users the service again, and waits until it answers. Resolves to "late" when it does not within a minute. */
export async function openBarrier(deps: PauseDeps): Promise<Seen | "late"> {
  return span(deps.reporter, "serve", "Give the address back to the service", async (step) => {
    await deps.barrier.open();
    const seen = await awaitAnswers(deps, step.progress, async () => {
      const { answered, detail } = await askAddress(deps.fetch, deps.address);
      if (gotNoAnswer(detail)) throw new Error(detail);
      return answered;
    });
    step.done(seen === "silent" ? unreached : seen === "late" ? "no good answer yet" : "");
    return seen;
  });
}

/** What users get after one of two reasons ended: the answer for the other one, or the service again. `rest`: what is still recorded. */
export async function settleBarrier(
  deps: PauseDeps,
  rest: PauseDocument | undefined,
): Promise<Seen | "late"> {
  // Without a record too: a rule may be left of one that was deleted by hand.
  return rest === undefined || answerOf(rest) === undefined
    ? openBarrier(deps)
    : closeBarrier(deps, rest);
}

/** `look` says whether an answer is as wanted, and throws when there is none. */
async function awaitAnswers(
  { clock, signal }: Pick<PauseDeps, "clock" | "signal">,
  progress: (detail: string) => void,
  look: () => Promise<boolean>,
): Promise<Seen | "late"> {
  const end = clock.now().getTime() + longestMilliseconds;
  let good = 0;
  let silent = 0;
  for (;;) {
    const wanted = await look().then(
      (is) => ({ is }),
      (error: unknown) => ({ error }),
    );
    silent = "error" in wanted ? silent + 1 : 0;
    good = "is" in wanted && wanted.is ? good + 1 : 0;
    if (good >= enough) return "seen";
    if (silent >= mostSilent) return "silent";
    if (clock.now().getTime() >= end) return "late";
    progress("error" in wanted ? connectionReason(wanted.error) : `${good} of ${enough} answers`);
    await clock.sleep(pauseMilliseconds, signal);
  }
}

async function ask({ address, fetch: fetcher }: Pick<PauseDeps, "address" | "fetch">) {
  const response = await fetcher(new URL(address.healthPath, address.url), {
    redirect: "manual",
    signal: AbortSignal.timeout(answerMilliseconds),
    headers: { "user-agent": "infer-deploy" },
  });
  return { status: response.status, text: await response.text() };
}

const unreached = "the address does not answer here, so that was not seen";
const enough = 5;
const mostSilent = 5;
const pauseMilliseconds = 1000;
const answerMilliseconds = 3000;
const longestMilliseconds = 60_000;
