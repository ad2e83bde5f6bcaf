import { completeCommands } from "../errors/printed-commands.ts";
import type { Reporter } from "./reporter.ts";

/** Completes the commands in notes and warnings, as in errors. `typed`: the command line after the program. */
export function withWholeCommands(reporter: Reporter, typed: readonly string[]): Reporter {
  return {
    ...reporter,
    notify: (event) => {
      reporter.notify(
        "text" in event ? { ...event, text: completeCommands(event.text, typed) } : event,
      );
    },
  };
}
