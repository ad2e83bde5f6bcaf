import { BatchGetImageCommand, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { expect, test } from "vitest";
import { engineImage } from "../../test/_helpers/fake-registry.ts";
import type { Run } from "../process/programs/run.ts";
import type { ReportEvent } from "../report/reporter.ts";
import { pushImage } from "./push.ts";

/**
 * An engine that knows which names its images have, and a registry that knows what was pushed.
 * A push fails when `broken` says so; nothing else of docker is known.
 */
function fakeEngine({ broken = false } = {}) {
  const tags = new Map([["infer-deploy-build/app:latest", "sha256:aa"]]);
  const pushed = new Map<string, string>();
  const run = (async ({ args }: { readonly args: readonly string[] }) => {
    const [verb, ...rest] = args;
    const reference = rest.at(-1) ?? "";
    let exitCode = 0;
    if (verb === "tag") {
      tags.set(reference, rest.at(-2) ?? "");
    } else if (verb === "rmi") {
      tags.delete(reference);
    } else if (verb === "push") {
      exitCode = broken ? 1 : 0;
      if (!broken) {
        pushed.set(reference.split(":").at(-1) ?? "", tags.get(reference) ?? "");
      }
    }
    return { exitCode, stdout: "", stderr: broken ? "no space left on device" : "" };
  }) as unknown as Run;
  const ecr = {
    send: async (command: unknown) => {
      if (command instanceof GetAuthorizationTokenCommand) {
        const authorizationToken = Buffer.from("AWS:secret").toString("base64");
        return {
          authorizationData: [{ authorizationToken, proxyEndpoint: "http://127.0.0.1:24355" }],
        };
      }
      const tag =
        command instanceof BatchGetImageCommand ? command.input.imageIds?.[0]?.imageTag : undefined;
      const digest = pushed.get(tag ?? "");
      return {
        images:
          digest === undefined
            ? []
            : [
                {
                  imageId: { imageDigest: "sha256:manifest" },
                  imageManifest: JSON.stringify({ config: { digest } }),
                },
              ],
      };
    },
  };
  return { tags, run, ecr: ecr as unknown as Parameters<typeof pushImage>[1] };
}

async function push(
  { run, ecr }: Pick<ReturnType<typeof fakeEngine>, "run" | "ecr">,
  events: ReportEvent[] = [],
): Promise<string> {
  const reporter = {
    notify: (event: ReportEvent) => void events.push(event),
    ask: async () => false,
  };
  const request = {
    image: engineImage("sha256:aa"),
    repository: "app",
    version: "v1",
    attest: "off" as const,
    dockerFolder: "/nowhere",
  };
  return pushImage(run, ecr, reporter, request, new AbortController().signal);
}

test("a push leaves the registry's name in the registry, and none in the user's engine", async () => {
  const engine = fakeEngine();
  expect(await push(engine)).toBe("sha256:manifest");
  expect([...engine.tags.keys()]).toEqual(["infer-deploy-build/app:latest"]);
});

test("a push that fails leaves none either, and ends with the engine's words", async () => {
  const engine = fakeEngine({ broken: true });
  await expect(push(engine)).rejects.toMatchObject({
    message: "docker push failed for 127.0.0.1:24355/app:v1.",
    detail: ["no space left on device"],
  });
  expect([...engine.tags.keys()]).toEqual(["infer-deploy-build/app:latest"]);
});

test.each([
  ["the list of images", BatchGetImageCommand],
  ["the password", GetAuthorizationTokenCommand],
])("the step is closed as failed when AWS refuses %s", async (_, refused) => {
  const { run, ecr } = fakeEngine();
  const refusing = {
    send: async (command: object) => {
      if (command instanceof refused) throw new Error("AccessDeniedException");
      return ecr.send(command as GetAuthorizationTokenCommand);
    },
  } as typeof ecr;
  const events: ReportEvent[] = [];
  await expect(push({ run, ecr: refusing }, events)).rejects.toThrow("AccessDeniedException");
  expect(events.at(-1)).toEqual({ type: "step-finished", step: "push", outcome: "failed" });
});
