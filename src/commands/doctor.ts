import { exitCodes } from "../errors/command-error.ts";
import { jsonText } from "../report/json-text.ts";
import { stackVerb } from "./kinds/stack-verb.ts";

/** Prints what it finds; exits with 1 when something would make a verb fail. */
export const doctor = stackVerb({
  name: "doctor",
  summary: "checks what a deployment needs: credentials, permissions, quotas, programs",
  options: {},
  needsImage: false,
  run: async (deps, flags, loaded) => {
    const { completeCommands } = await import("../errors/printed-commands.ts");
    const { examine } = await import("../doctor/examine.ts");
    const { openDoctor } = await import("../target/open-doctor.ts");
    const { doctorDocument, doctorText } = await import("../views/doctor.ts");

    const findings = await examine(await openDoctor(deps, flags, loaded));
    const document = doctorDocument(loaded.config, findings);
    deps.out(flags.json ? jsonText(document) : completeCommands(doctorText(document), deps.args));
    return document.healthy ? exitCodes.done : exitCodes.failed;
  },
});
