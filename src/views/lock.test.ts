import { expect, test } from "vitest";
import { lock } from "../../test/_helpers/lock-values.ts";
import { lockStatusDocument, lockStatusText } from "./lock.ts";

const place = { name: "app", environment: "production", region: "eu-west-1" };
const now = new Date("2026-01-01T00:02:05.000Z");

test("a held lock shows the holder, its command, its start, and whether that run is alive", () => {
  const verdict = { state: "alive", evidence: "process 4711 runs on this machine" } as const;
  const document = lockStatusDocument(place, { lock: lock(), verdict });
  expect(document).toEqual({
    schema_version: 1,
    ...place,
    held: true,
    holder: lock(),
    holder_state: "alive",
    holder_evidence: "process 4711 runs on this machine",
    terraform_lock: null,
  });
  expect(lockStatusText(document, now, []).split("\n")).toEqual([
    "app (production) in eu-west-1 is locked",
    "  holder    ada@laptop, alive: process 4711 runs on this machine",
    "  command   infer-deploy release --version v2",
    "  started   2 min ago (2026-01-01T00:00:00.000Z)",
    "  where     process 4711 on laptop",
    "",
  ]);
});

test("for a dead holder's lock, the screen names the command that removes it", () => {
  const verdict = { state: "dead", evidence: "process 4711 no longer runs" } as const;
  const text = lockStatusText(lockStatusDocument(place, { lock: lock(), verdict }), now, [
    "lock",
    "status",
    "-e",
    "staging",
  ]);
  expect(text).toMatch(
    /next +infer-deploy lock release --environment staging; the next infer-deploy release --environment staging/,
  );
});

test("a free lock", () => {
  const document = lockStatusDocument(place, undefined);
  expect(document).toMatchObject({ held: false, holder: null, holder_state: null });
  expect(lockStatusText(document, now, [])).toBe("app (production) in eu-west-1 is not locked\n");
});

test("a lock of Terraform alone is shown, with the command that removes it", () => {
  const found = {
    etag: "1",
    lock: {
      id: "1",
      operation: "OperationTypeApply",
      who: "root@vm",
      created: "2026-11-24T10:00:00Z",
    },
  };
  const document = lockStatusDocument(place, undefined, found);
  expect(document).toMatchObject({ held: false, terraform_lock: { who: "root@vm" } });
  expect(lockStatusText(document, now, ["lock", "status", "--sandbox", "x"])).toBe(
    [
      "app (production) in eu-west-1: Terraform's state is locked",
      "  Terraform apply by root@vm since 2026-11-24T10:00:00Z",
      "  next      infer-deploy lock release --sandbox x, if that Terraform has ended",
      "",
    ].join("\n"),
  );
});
