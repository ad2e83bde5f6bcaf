import { expect, test } from "vitest";
import { CommandError } from "../errors/command-error.ts";
import { errorText } from "../errors/error-text.ts";
import { withoutImage } from "./without-image.ts";

test("a build that fails after the apply: the error shows the failure, the costs, and how to continue or destroy", () => {
  const build = new CommandError("The Dockerfile does not build.", {
    where: "/home/ada/app/Dockerfile",
    detail: ["the wheel is missing"],
    next: "fix it, then check with: docker build .",
  });
  const text = errorText(withoutImage(build), false);
  for (const part of [
    "✖ The Dockerfile does not build.",
    "the wheel is missing",
    "/home/ada/app/Dockerfile",
    "the infrastructure exists",
    "costs money",
    "fix it, then check with: docker build .; the next infer-deploy up continues from there",
    "infer-deploy destroy removes everything",
  ]) {
    expect(text).toContain(part);
  }
});
