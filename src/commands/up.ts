import { exitCodes } from "../errors/command-error.ts";
import { checkVersion } from "../image/version.ts";
import { onOff, text } from "../options/kinds.ts";
import { jsonText } from "../report/json-text.ts";
import { buildArg } from "./kinds/build-arg.ts";
import { lockWait, stackVerb } from "./kinds/stack-verb.ts";

/** Infrastructure and first release; ends when the address answers. A second `up` changes nothing. */
export const up = stackVerb({
  name: "up",
  summary: "creates the infrastructure and the first release; ends when the address answers",
  options: {
    version: text(
      "--version <version>",
      "version of the first release, by default from the image's content",
      checkVersion,
    ),
    buildArgs: buildArg,
    refresh: onOff("--refresh", "make a Terraform plan even when nothing seems changed"),
    refreshAmi: onOff("--refresh-ami", "take the newest machine image"),
    makeZone: onOff("--make-zone", "make the Route53 zone that the configuration names"),
    upgradeProvider: onOff("--upgrade-provider", "take the newest AWS provider for Terraform"),
    lockWait,
  },
  needsImage: true,
  run: async (deps, flags, loaded, own) => {
    const { curlCommand } = await import("../../sandbox/src/client/sandbox-fetch.ts");
    const { bringUp } = await import("../infrastructure/bring-up.ts");
    const { takeLock } = await import("../lock/take-lock.ts");
    const { makeZone } = await import("../domain/make-zone.ts");
    const { zoneMaker } = await import("../target/parts/domain-sources.ts");
    const { refusePast } = await import("../infrastructure/checks/refuse-past.ts");
    const { infrastructureDeps } = await import("../target/infrastructure-deps.ts");
    const { lockDeps } = await import("../target/lock-deps.ts");
    const { unconfirmedEmails } = await import("../target/status/unconfirmed-emails.ts");
    const { checkMemory } = await import("../target/machine/check-memory.ts");
    const { createCaddy } = await import("../target/machine/caddy.ts");
    const { openSession } = await import("../target/open-session.ts");
    const { foreignAccountText } = await import("../target/access/known-stacks.ts");
    const { imageTools } = await import("../target/parts/image-needs.ts");
    const { openTarget } = await import("../target/open-target.ts");
    const { completeCommands } = await import("../errors/printed-commands.ts");
    const { warnOfEnd } = await import("../target/access/warn-of-end.ts");
    const { expiryText } = await import("../views/parts/expiry.ts");
    const { upDocument, upText } = await import("../views/up.ts");

    refusePast(loaded, deps.clock.now());
    const built = imageTools(loaded, own.buildArgs);
    const target = await openTarget(deps, flags, loaded, {
      // Caddy, of one machine, is built too.
      tools: [...(loaded.config.topology === "single" ? ["engine" as const] : built), "terraform"],
      makesZone: own.makeZone,
    });
    await checkMemory(target);
    const foreign = await foreignAccountText(target);
    if (foreign !== undefined) deps.reporter.notify({ type: "warning", text: foreign });
    await warnOfEnd(deps.reporter, target.access);
    if (own.makeZone) await makeZone(target.config, zoneMaker(deps, target), deps.reporter);
    const begin = { command: "up", skipHooks: true };
    const done = await bringUp(
      {
        ...infrastructureDeps(deps, target, flags),
        takeLock: async () =>
          takeLock(lockDeps(deps, target, flags), { command: "up", waitSeconds: own.lockWait }),
        openSession: async (stack) => openSession(deps, target, stack, begin),
        caddy: createCaddy(deps, target),
      },
      own,
    );
    const document = upDocument(done.stack, done.release, {
      ...done,
      unconfirmedEmails: await unconfirmedEmails(deps, target, done.stack),
    });
    const expiry = expiryText(target.config.expires, deps.clock.now());
    if (expiry !== undefined)
      deps.reporter.notify({ type: "warning", text: `the stack ${expiry}` });
    deps.out(flags.json ? jsonText(document) : completeCommands(upText(document), deps.args));
    // A domain of a rehearsal is known to this command line only.
    const way =
      flags.sandbox === undefined
        ? undefined
        : await curlCommand(deps.env, flags.sandbox, document.url);
    if (way !== undefined) {
      deps.reporter.notify({ type: "note", text: `from a shell: ${way}` });
    }
    return exitCodes.done;
  },
});
