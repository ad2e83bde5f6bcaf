import fc from "fast-check";
import { expect, test } from "vitest";
import { checkVersion, contentVersion } from "./version.ts";

test.each(["v1", "1.2.3", "sha-0123456789ab", "_x", "A".repeat(128)])(
  "%s can be a version",
  (version) => {
    expect(checkVersion(version)).toBe(version);
  },
);

test.each(["", "v 1", "a/b", "v1:latest", "-v1", ".v1", "ä", "A".repeat(129), "live-0007"])(
  "%j cannot, and the error names the flag and has the exit code of usage",
  (version) => {
    expect(() => checkVersion(version)).toThrow(
      expect.objectContaining({ exitCode: 64, where: "--version" }) as Error,
    );
  },
);

test("a version made from content is always one, and the same for the same content", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), (hex) => {
      const version = contentVersion(`sha256:${hex}`);
      expect(checkVersion(version)).toBe(`sha-${hex.slice(0, 12)}`);
    }),
  );
});
