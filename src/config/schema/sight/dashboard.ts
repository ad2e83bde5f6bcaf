import * as field from "../../fields/fields.ts";
import { key } from "../../fields/keys.ts";

export const dashboard = key(
  field.flag(),
  "A dashboard in CloudWatch, and saved queries of the logs. An account has three dashboards free; each more costs 3 USD a month.",
  false,
);
