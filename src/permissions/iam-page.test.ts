import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { iamPage } from "./iam-page.ts";

const page = fileURLToPath(new URL("../../docs/reference/iam.md", import.meta.url));

test("docs/reference/iam.md shows the policies as they are; --update writes it", async () => {
  await expect(iamPage()).toMatchFileSnapshot(page);
});
