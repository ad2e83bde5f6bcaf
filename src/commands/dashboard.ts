import { exitCodes } from "../errors/command-error.ts";
import { duration, text } from "../options/kinds.ts";
import { refusal } from "../options/option.ts";
import { jsonText } from "../report/json-text.ts";
import { stackVerb } from "./kinds/stack-verb.ts";

const options = {
  port: text("--port <number>", "the page's port, by default a free one", checkPort),
  since: duration("--since <duration>", "how far back the charts reach", "1h"),
};

/** Serves the page until Ctrl-C, and ends with 0. The address that it prints works once, in one browser. */
export const dashboard = stackVerb({
  name: "dashboard",
  summary: "shows traffic, latency, errors, instances, costs and history on a page in your browser",
  options,
  needsImage: false,
  run: async (deps, flags, loaded, own) => {
    const { followStack } = await import("../dashboard/follow-stack.ts");
    const { loadPageFiles } = await import("../dashboard/page-files.ts");
    const { checkReach } = await import("../dashboard/range.ts");
    const { servePage } = await import("../dashboard/serve-page.ts");
    const { openTarget } = await import("../target/open-target.ts");
    const { requireStack } = await import("../target/require-stack.ts");
    const { createPageLook } = await import("../target/status/look-at-page.ts");

    checkReach(own.since);
    const target = await openTarget(deps, flags, loaded, { tools: [] });
    const stack = await requireStack(target);
    const server = await servePage(await loadPageFiles(), Number(own.port ?? 0));
    try {
      const { url } = server;
      deps.out(
        flags.json
          ? jsonText({ schema_version: 1, url })
          : `${url}\nOpen it in a browser on this machine; it works once. Ctrl-C ends it.\n`,
      );
      const look = createPageLook(deps, target, stack, own.since);
      await followStack({ clock: deps.clock, aborted: deps.interrupts.aborted, server, look });
    } finally {
      server.close();
    }
    return exitCodes.done;
  },
});

/** Throws CommandError (64). */
function checkPort(value: string, origin: string): void {
  const port = Number(value);
  if (/^\d+$/.test(value) && port >= 1 && port <= 65_535) return;
  throw refusal({ value, origin }, "a port from 1 to 65535");
}
