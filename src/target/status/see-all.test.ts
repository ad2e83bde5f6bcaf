import { expect, test } from "vitest";
import { config } from "../../../test/_helpers/session-world.ts";
import { release, snapshot, stackRecord } from "../../../test/_helpers/rollout-values.ts";
import { CommandError } from "../../errors/command-error.ts";
import { statusDocument } from "../../views/status/status.ts";
import { seeAll } from "./see-all.ts";

type Arguments = Parameters<typeof seeAll>;

/** Looks at three environments; `fail`: what happens at each. */
async function look(fail: (environment: string) => void) {
  const texts: string[] = [];
  const deps = {
    interrupts: { aborted: new AbortController().signal },
    reporter: {
      notify: (event: { readonly text?: string }) => texts.push(event.text ?? ""),
    },
  } as unknown as Arguments[0];
  const stacks = ["one", "two", "three"].map((environment) => ({
    config: { ...config(), environment, region: `region-${environment}` },
  })) as unknown as Arguments[2];
  const document = statusDocument(
    stackRecord(),
    snapshot({ releases: [release({ outcome: "succeeded" })] }),
  );
  const open = (async (given, _flags, { config: { environment } }) => {
    given.reporter.notify({ type: "warning", text: "the secrets could not be checked" });
    fail(environment);
    return async () => ({ document });
  }) as Arguments[3];
  const seen = await seeAll(deps, {} as Arguments[1], stacks, open);
  return { seen, texts, document };
}

test("a stack that cannot be read is a row with its reason, and the next ones are read", async () => {
  const { seen, texts, document } = await look((environment) => {
    if (environment === "one") throw new Error("connect ETIMEDOUT");
    if (environment === "two") {
      throw new CommandError("It is locked.", { exitCode: 5, next: "infer-deploy lock status" });
    }
  });
  expect(seen).toEqual([
    {
      environment: "one",
      region: "region-one",
      status: null,
      error: { message: "Error: connect ETIMEDOUT", why: null, next: null, exit_code: 1 },
    },
    {
      environment: "two",
      region: "region-two",
      status: null,
      error: {
        message: "It is locked.",
        why: null,
        next: "infer-deploy lock status",
        exit_code: 5,
      },
    },
    { environment: "three", region: "region-three", status: document, error: null },
  ]);
  expect(texts).toEqual([
    "one: the secrets could not be checked",
    "two: the secrets could not be checked",
    "three: the secrets could not be checked",
  ]);
});

test("an interruption is the end of all", async () => {
  const reason = new CommandError("Interrupted.", { exitCode: 130 });
  const abort = new AbortController();
  const asked: string[] = [];
  const deps = {
    interrupts: { aborted: abort.signal },
    reporter: { notify: () => undefined },
  } as unknown as Arguments[0];
  const stacks = ["one", "two"].map((environment) => ({
    config: { ...config(), environment },
  })) as unknown as Arguments[2];
  const open = (async (_deps, _flags, { config: { environment } }) => {
    asked.push(environment);
    abort.abort(reason);
    throw new Error("aborted");
  }) as Arguments[3];
  await expect(seeAll(deps, {} as Arguments[1], stacks, open)).rejects.toBe(reason);
  expect(asked).toEqual(["one"]);
});
