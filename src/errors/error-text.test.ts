import { expect, test } from "vitest";
import { CommandError } from "./command-error.ts";
import { errorText } from "./error-text.ts";

test("shows what went wrong, the lines, where, why and what to do", () => {
  const error = new CommandError("It does not run.", {
    where: "instance i-1",
    detail: ["log line"],
    cause: Object.assign(new Error("no such image"), {
      name: "NotFound",
      $metadata: { requestId: "r-1" },
    }),
    next: "fix it",
  });
  expect(errorText(error, false)).toBe(
    [
      "✖ It does not run.",
      "    log line",
      "  where: instance i-1",
      "  why:   NotFound: no such image (AWS request r-1)",
      "  next:  fix it",
      "",
    ].join("\n"),
  );
});

test("the stack trace is shown only with debug", () => {
  const error = new TypeError("boom");
  expect(errorText(error, false)).not.toContain("error-text.test");
  expect(errorText(error, true)).toContain("error-text.test");
  expect(errorText(error, false)).toContain("--debug");
});

test("a known AWS error says what it means, with the request id", () => {
  const error = Object.assign(new Error("Rate exceeded"), {
    name: "ThrottlingException",
    $metadata: { requestId: "r-2" },
  });
  expect(errorText(error, false)).toBe(
    [
      "✖ AWS throttled the calls, and the retries ran out",
      "  why:   ThrottlingException: Rate exceeded (AWS request r-2)",
      "  next:  Wait a minute, then run the same command again.",
      "",
    ].join("\n"),
  );
});

test("an unknown AWS error keeps the request id", () => {
  const error = Object.assign(new Error("We made a mistake"), {
    name: "InternalError",
    $metadata: { requestId: "r-3" },
  });
  expect(errorText(error, false)).toContain("where: AWS request r-3");
});

test("a CommandError as cause is shown without its name, and an empty cause is left out", () => {
  const cause = new CommandError("docker is not installed");
  expect(errorText(new CommandError("No.", { cause }), false)).toBe(
    "✖ No.\n  why:   docker is not installed\n",
  );
  expect(errorText(new CommandError("No.", { why: "", cause }), false)).toBe("✖ No.\n");
});

test("with several reasons, the next step of each is completed, and quoted lines stay as they are", () => {
  const error = new CommandError("It cannot be released now, for 2 reasons.", {
    detail: ["it is not healthy", "  next: infer-deploy status shows why", "infer-deploy status"],
  });
  expect(errorText(error, false, ["release", "-e", "staging"])).toBe(
    [
      "✖ It cannot be released now, for 2 reasons.",
      "    it is not healthy",
      "      next: infer-deploy status --environment staging shows why",
      "    infer-deploy status",
      "",
    ].join("\n"),
  );
});
