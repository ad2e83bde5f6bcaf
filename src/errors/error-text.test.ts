import { expect, test } from "vitest";
import { CommandError } from "./command-error.ts";
import { errorText } from "./error-text.ts";

test("says what, shows the lines, then where, why and what to do", () => {
  const error = new CommandError("It does not run.", {
    where: "instance i-1",
    detail: ["log line"],
    cause: Object.assign(new Error("no such image"), {
      name: "NotFound",
      $metadata: { requestId: "r-1" },
    }),
    next: "mend it",
  });
  expect(errorText(error, false)).toBe(
    [
      "✖ It does not run.",
      "    log line",
      "  where: instance i-1",
      "  why:   NotFound: no such image (AWS request r-1)",
      "  next:  mend it",
      "",
    ].join("\n"),
  );
});

test("a stack trace comes only when asked for", () => {
  const error = new TypeError("boom");
  expect(errorText(error, false)).not.toContain("error-text.test");
  expect(errorText(error, true)).toContain("error-text.test");
  expect(errorText(error, false)).toContain("--debug");
});

test("an error of AWS that people meet says what it means, with the request's number", () => {
  const error = Object.assign(new Error("Rate exceeded"), {
    name: "ThrottlingException",
    $metadata: { requestId: "r-2" },
  });
  expect(errorText(error, false)).toBe(
    [
      "✖ AWS limited the rate of calls for longer than they were tried again",
      "  why:   ThrottlingException: Rate exceeded (AWS request r-2)",
      "  next:  Wait a minute and run the same command again: what has been made is in the state.",
      "",
    ].join("\n"),
  );
});

test("an error of AWS that is not known keeps the request's number", () => {
  const error = Object.assign(new Error("We made a mistake"), {
    name: "InternalError",
    $metadata: { requestId: "r-3" },
  });
  expect(errorText(error, false)).toContain("where: AWS request r-3");
});

test("a cause of ours is told without its name, and one that says nothing is left out", () => {
  const cause = new CommandError("docker is not installed");
  expect(errorText(new CommandError("No.", { cause }), false)).toBe(
    "✖ No.\n  why:   docker is not installed\n",
  );
  expect(errorText(new CommandError("No.", { why: "", cause }), false)).toBe("✖ No.\n");
});
