import { expect, test } from "vitest";
import { credentials } from "../../../test/_helpers/credentials.ts";
import { listener } from "../../../test/_helpers/listener.ts";
import { warnOfEnd } from "./warn-of-end.ts";

test.each([
  [undefined, []],
  [900, []],
  [
    540.5,
    [
      "the AWS credentials end in 9 min, and this may take longer; the same command continues it then. For new ones: aws sso login --profile work",
    ],
  ],
])("credentials that end in %s s", async (left, warnings) => {
  const reporter = listener();
  await warnOfEnd(reporter, { validity: credentials({ lasting: async () => left }) });
  expect(reporter.warnings()).toEqual(warnings);
});
