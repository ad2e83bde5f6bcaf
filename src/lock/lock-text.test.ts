import { expect, test } from "vitest";
import { lock } from "../../test/_helpers/lock-values.ts";
import { errorText } from "../errors/error-text.ts";
import { lockedError } from "./lock-text.ts";

const now = new Date("2026-01-01T00:02:05.000Z");

test("names the holder, its command, its start, and what to do", () => {
  const verdict = { state: "alive", evidence: "process 4711 runs on this machine" } as const;
  const error = lockedError(lock(), verdict, now, 0);
  expect(error.exitCode).toBe(5);
  expect(errorText(error, false)).toBe(
    [
      "✖ The stack is locked by ada@laptop, `infer-deploy release --version v2`, started 2 min ago.",
      "  where: process 4711 on laptop",
      "  why:   process 4711 runs on this machine",
      "  next:  --lock-wait waits for it; infer-deploy lock status shows the holder",
      "",
    ].join("\n"),
  );
});

test("a CI run is named by its address", () => {
  const ci = "https://github.com/acme/api/actions/runs/42";
  const verdict = { state: "unknown", evidence: "" } as const;
  expect(lockedError(lock({ ci }), verdict, now, 0).where).toBe(ci);
});

test("a dead run is called dead, and the next step is the command that removes its lock", () => {
  const verdict = { state: "dead", evidence: "process 4711 no longer runs" } as const;
  const error = lockedError(lock(), verdict, now, 0);
  expect(error.message).toMatch(/^The stack is locked by a run that is dead: ada@laptop, /);
  expect(error.next).toBe("infer-deploy lock release");
});

test("after a wait, the error says how long it was", () => {
  const verdict = { state: "alive", evidence: "" } as const;
  const { message, next } = lockedError(lock(), verdict, now, 30);
  expect(message).toMatch(/^The stack is still locked after 30 s by ada@laptop, /);
  expect(next).toMatch(/^a longer --lock-wait /);
});

test("a lock from another machine puts no control characters on this terminal", () => {
  const evil = "\u001b\n\u202e";
  const verdict = { state: "unknown", evidence: "" } as const;
  const all = lock({ user: evil, host: evil, command: evil, ci: evil });
  const { message, where } = lockedError(all, verdict, now, 0);
  for (const character of evil) {
    expect(`${message}${where}`).not.toContain(character);
  }
});
