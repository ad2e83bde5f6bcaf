import { expect, test } from "vitest";
import { describe } from "./describe.ts";
import { fileError } from "./file-error.ts";

const error = (code: string, path?: string): Error =>
  Object.assign(new Error(`${code}: no, open '${path}'`), { code, ...(path && { path }) });

test("a refused file names itself, and for our own files the variable that moves them", () => {
  const ours = "/home/ada/.local/state/infer-deploy/stacks/x";
  expect(fileError(error("EACCES", ours))).toMatchObject({
    message: `This user may not use ${ours}.`,
    exitCode: 64,
    why: `EACCES: no, open '${ours}'`,
    next: expect.stringContaining("XDG_STATE_HOME"),
  });
  expect(describe(error("EROFS", "/srv/out")).next).toBe("use another folder");
});

test.each([error("ENOENT", "/x"), error("EACCES"), new Error("x"), "EACCES", undefined])(
  "%s is another error",
  (other) => {
    expect(fileError(other)).toBeUndefined();
  },
);
