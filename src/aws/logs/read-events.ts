import { FilterLogEventsCommand, type CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CommandError } from "../../errors/command-error.ts";

/** One line of a log group. */
export interface LogEvent {
  /** Unlike its time and its text, no other event of the account has it. */
  readonly id: string;
  /** Name of its log stream. */
  readonly stream: string;
  /** When it was written, by its writer's clock: milliseconds since 1970. */
  readonly at: number;
  readonly message: string;
}

export interface WantedEvents {
  readonly group: string;
  /** How the names of its streams begin. Empty: all streams. */
  readonly prefix: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  /** The last page's. */
  readonly token: string | undefined;
}

/** Ordered by time, over all streams. */
export interface EventPage {
  readonly events: readonly LogEvent[];
  /** There may be more, even after a page without events. Undefined: this was the last page. */
  readonly next: string | undefined;
}

/**
 * One page, of up to 10,000 events or 1 MB. Throws CommandError when the group does not exist, otherwise the SDK's own errors.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export async function readEvents(
  logs: Pick<CloudWatchLogsClient, "send">,
  { group, prefix, from, token }: WantedEvents,
): Promise<EventPage> {
  const command = new FilterLogEventsCommand({
    logGroupName: group,
    ...(prefix === "" ? {} : { logStreamNamePrefix: prefix }),
    startTime: from,
    ...(token === undefined ? {} : { nextToken: token }),
  });
  const answer = await logs.send(command).catch((error: unknown) => {
    if (!(error instanceof Error && error.name === "ResourceNotFoundException")) throw error;
    throw new CommandError(`The log group ${group} does not exist.`, {
      why: "it was deleted, or a destroy was interrupted",
      next: "infer-deploy up --refresh creates it again",
    });
  });
  return {
    events: (answer.events ?? []).map((event) => ({
      id: event.eventId ?? "",
      stream: event.logStreamName ?? "",
      at: event.timestamp ?? 0,
      message: event.message ?? "",
    })),
    next: answer.nextToken,
  };
}
