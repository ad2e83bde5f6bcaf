/** Oxlint has no rule that distinguishes `new Date()`, which reads the clock, from `new Date(text)`, which parses a date. */
const noClock = {
  meta: {
    type: "problem",
    docs: { description: "Forbids reading the clock in pure files." },
    messages: { clock: "A pure file reads no clock: take the time as an argument." },
    schema: [],
  },
  create(context) {
    const check = (node) => {
      const { callee } = node;
      if (callee.type !== "Identifier" || callee.name !== "Date") return;
      // Date("...") ignores its arguments and returns the current time.
      if (node.type === "CallExpression" || node.arguments.length === 0) {
        context.report({ node, messageId: "clock" });
      }
    };
    return { NewExpression: check, CallExpression: check };
  },
};

// Oxlint loads a plugin by its default export.
export default { meta: { name: "purity" }, rules: { "no-clock": noClock } };
