import type { Operand } from "../kinds/verb.ts";

/** Of a verb that runs a command in a container. */
export const instanceOperand: Operand = {
  name: "instance",
  summary: "the beginning of an instance's id; the command comes after --",
  choices: [],
};
