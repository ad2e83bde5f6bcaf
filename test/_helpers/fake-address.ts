import { probeHeader } from "../../src/aws/listener/probe-rule.ts";
import { passHeader } from "../../src/aws/listener/pause-rules.ts";
import type { FakeStack } from "./fake-stack.ts";

/**
 * The address of a fake stack, as `fetch` asks it. Requests go to the colours by their weights, those with the probe's header where its rule
 * leads. `/version` answers with the version of the release that was reached, every other path with 200; where no healthy instance is
 * reached it is 503. During a pause it is too, with the pause's answer, unless a request passes it. A release in `stack.broken` answers 500, but reports its version. `versionOf`: of a release's number.
 */
export function fakeAddress(
  stack: FakeStack,
  versionOf: (release: number) => string = (release) => `v${release}`,
): typeof fetch {
  let asked = 0;
  return async (input, init) => {
    asked += 1;
    // The golden ratio spreads few requests evenly, so that a tenth of the traffic is a tenth of ten requests.
    const share = (asked * 0.618_033_988_75) % 1;
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    const token = new Headers(init?.headers).get(probeHeader);
    init?.signal?.throwIfAborted();
    stack.settle();
    const pass = new Headers(init?.headers).get(passHeader);
    if (stack.pause !== null && token === null && pass !== stack.pause.token) {
      return answer(503, stack.pause.body);
    }
    const release = token === null ? stack.answering(share) : stack.probed(token, share);
    if (release === null) return answer(503, "no healthy target");
    if (pathname === "/version")
      return answer(200, JSON.stringify({ version: versionOf(release) }));
    return stack.broken.has(release) ? answer(500, "the model is gone") : answer(200, "ok");
  };
}

/** As much of a response as is read here; thousands of real ones take seconds. */
function answer(status: number, text: string): Response {
  return { status, ok: status === 200, text: async () => text } as Response;
}
