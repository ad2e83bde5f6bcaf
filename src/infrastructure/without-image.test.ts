import { expect, test } from "vitest";
import { CommandError } from "../errors/command-error.ts";
import { errorText } from "../errors/error-text.ts";
import { withoutImage } from "./without-image.ts";

test("a build that fails after the apply: what failed, what stands and costs, what goes on and what takes it away", () => {
  const build = new CommandError("The Dockerfile does not build.", {
    where: "/home/ada/app/Dockerfile",
    detail: ["the wheel is missing"],
    next: "mend it, then check with: docker build .",
  });
  const text = errorText(withoutImage(build), false);
  for (const part of [
    "✖ The Dockerfile does not build.",
    "the wheel is missing",
    "/home/ada/app/Dockerfile",
    "the infrastructure stands",
    "costs money",
    "mend it, then check with: docker build .; the next infer-deploy up goes on from there",
    "infer-deploy destroy takes it all away",
  ]) {
    expect(text).toContain(part);
  }
});
