import { expect, test } from "vitest";
import { failed, ok, unknown, warning } from "../doctor/finding.ts";
import { doctorDocument, doctorText } from "./doctor.ts";

const place = { name: "app", environment: "production", region: "eu-west-1" };

test("warnings and unknown answers leave it healthy, a failed check does not", () => {
  const fine = [ok("disk", "9 GiB free"), warning("clock", "off", "set it"), unknown("zones", "?")];
  expect(doctorDocument(place, fine)).toMatchObject({ schema_version: 1, healthy: true });
  expect(doctorDocument(place, [...fine, failed("DNS", "gone", "check it")]).healthy).toBe(false);
});

test("each check is a line, with the next step below it", () => {
  const document = doctorDocument(place, [
    ok("Terraform", "terraform 1.11.4"),
    failed("disk", "0.2 GiB free", "df -h"),
    unknown("quota VPCs", "no answer within 15 seconds"),
  ]);
  expect(doctorText(document)).toBe(
    [
      "app (production) in eu-west-1",
      "✔ Terraform   terraform 1.11.4",
      "✖ disk        0.2 GiB free",
      "              next: df -h",
      "? quota VPCs  no answer within 15 seconds",
      "",
    ].join("\n"),
  );
});
