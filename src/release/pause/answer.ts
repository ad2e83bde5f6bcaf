import type { PauseAnswer, SeenAnswer } from "../../aws/listener/pause-rules.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import type { PauseDocument, PauseReason } from "../../state/pause.ts";

/** What users get instead of the service; undefined when they get the service. Maintenance comes first: a person has written its message. */
export function answerOf(pause: PauseDocument): PauseAnswer | undefined {
  const reason = pause.maintenance ?? pause.sleep;
  if (reason === null) return undefined;
  const { retry_after_seconds: retryAfterSeconds } = reason;
  return { ...bodyOf(reason), retryAfterSeconds, token: pause.token };
}

/** A message that begins with < is sent as HTML. Programs get another one as JSON, with the time after which to ask again. */
export function bodyOf({
  message,
  retry_after_seconds: seconds,
}: Pick<PauseReason, "message" | "retry_after_seconds">): SeenAnswer {
  return message.startsWith("<")
    ? { contentType: "text/html", body: message }
    : {
        contentType: "application/json",
        body: JSON.stringify({ error: message, retry_after_seconds: seconds }),
      };
}

/** Throws CommandError (64) for a message that a load balancer cannot answer with. `origin`: the flag or the variable. */
export function checkMessage(message: string, origin: string): void {
  const refuse = (why: string): never => {
    throw new CommandError(`${origin} is not a message that a load balancer can answer with.`, {
      exitCode: exitCodes.usage,
      why,
      next: "give a shorter text of one or a few lines, or a small page that begins with <",
    });
  };
  if (message.trim() === "") refuse("it is empty");
  const bytes = Buffer.byteLength(bodyOf({ message, retry_after_seconds: longest }).body);
  if (bytes > mostBytes) refuse(`the answer would have ${bytes} bytes, and AWS takes ${mostBytes}`);
}

/** MessageBody of FixedResponseActionConfig, in the API reference of Elastic Load Balancing v2. */
const mostBytes = 1024;

/** A year: as long as any wait that a client is asked for. */
export const longest = 31_536_000;
