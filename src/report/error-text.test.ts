import { expect, test } from "vitest";
import { CommandError } from "../errors.ts";
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
