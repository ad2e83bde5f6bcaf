import { pairs } from "../../options/kinds.ts";

/** Of the verbs that build. */
export const buildArg = pairs(
  "--build-arg <key=value>",
  "build argument, over the file's; may be repeated",
);
