import { StartSessionCommand, TerminateSessionCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { CommandError } from "../../errors/command-error.ts";

type Ssm = Pick<SSMClient, "send">;

export interface SessionWish {
  /** Of EC2. */
  readonly instance: string;
  /** For a shell of the instance's; undefined: a login shell, with a terminal. */
  readonly command: string | undefined;
  readonly hasTerminal: boolean;
}

/** What Session Manager's plugin is given: AWS's answer, and the request. */
export interface StartedSession {
  readonly answer: {
    readonly SessionId: string;
    readonly StreamUrl: string;
    /** It is all that is needed to use the session. */
    readonly TokenValue: string;
  };
  readonly request: { readonly Target: string };
}

/**
 * Opens a session, which the plugin then connects to. Throws CommandError when the instance is not connected, otherwise the SDK's own errors.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html
 */
export async function startSession(
  ssm: Ssm,
  { instance, command, hasTerminal }: SessionWish,
): Promise<StartedSession> {
  const request = {
    Target: instance,
    ...(command === undefined
      ? {}
      : {
          DocumentName: hasTerminal
            ? "AWS-StartInteractiveCommand"
            : "AWS-StartNonInteractiveCommand",
          Parameters: { command: [command] },
        }),
  };
  const { SessionId, StreamUrl, TokenValue } = await ssm
    .send(new StartSessionCommand(request))
    .catch((error: unknown) => {
      if (!(error instanceof Error && error.name === "TargetNotConnected")) throw error;
      throw new CommandError(`The instance ${instance} is not connected to Session Manager.`, {
        why: "it has started a moment ago or is ending, its agent does not run, or it has no way to Systems Manager",
        next: "infer-deploy status shows the instances; infer-deploy logs --boot shows how they started",
      });
    });
  const answer = {
    SessionId: SessionId ?? "",
    StreamUrl: StreamUrl ?? "",
    TokenValue: TokenValue ?? "",
  };
  return { answer, request };
}

/** Ends what runs in the session. A session that has ended is no error. */
export async function terminateSession(ssm: Ssm, session: string): Promise<void> {
  await ssm.send(new TerminateSessionCommand({ SessionId: session }));
}
