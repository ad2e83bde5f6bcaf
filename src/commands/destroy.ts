import { exitCodes } from "../errors/command-error.ts";
import { jsonText } from "../report/json-text.ts";
import { lockWait, stackVerb } from "./kinds/stack-verb.ts";

/** Removes everything, and asks AWS that nothing is left. A second time it says so and ends well. */
export const destroy = stackVerb({
  name: "destroy",
  summary: "removes everything and proves that nothing is left",
  options: { lockWait },
  needsImage: false,
  run: async (deps, flags, loaded, own) => {
    const { findLeft } = await import("../aws/leftovers/find-left.ts");
    const { otherCertificates } = await import("../aws/other-certificates.ts");
    const { tearDown } = await import("../infrastructure/tear-down.ts");
    const { takeLock } = await import("../lock/take-lock.ts");
    const { infrastructureDeps } = await import("../target/infrastructure-deps.ts");
    const { lockDeps } = await import("../target/lock-deps.ts");
    const { openTarget } = await import("../target/open-target.ts");
    const { warnOfEnd } = await import("../target/access/warn-of-end.ts");
    const { createParts, createSecrets } = await import("../target/stack-parts.ts");
    const { deleteSecret } = await import("../aws/secrets/delete-secret.ts");
    const { clientSecretName } = await import("../config/schema/edge/oidc.ts");
    const { nameStack } = await import("../stack/names.ts");
    const { hasHealthChecks } = await import("../config/schema/edge/routing.ts");
    const { destroyDocument, destroyText } = await import("../views/destroy.ts");

    const target = await openTarget(deps, flags, loaded, { tools: ["terraform"] });
    await warnOfEnd(deps.reporter, target.access);
    const { aws, config } = target;
    const { name, environment, region, domains, zone } = config;
    const names = nameStack(name, environment, region);
    const stack = {
      name,
      environment,
      region,
      names,
      cloudfrontName: config.https === null ? undefined : names.cloudfront,
      budgetAccount: config.budget === null ? undefined : target.identity.account,
      hasDashboard: config.dashboard,
      healthCheckRegion: hasHealthChecks(config) ? region : undefined,
      // Without a zone the record is the user's.
      domain: domains.length === 0 || zone === null ? null : { names: domains, zone },
    };
    const what = await tearDown({
      ...infrastructureDeps(deps, target, flags),
      ecr: aws.ecr,
      fleetOf: ({ outputs }) =>
        createParts({ aws, store: target.store, clock: deps.clock }, outputs).fleet,
      secrets: {
        list: async () => [
          ...(await createSecrets(aws, stack.names.secret_prefix).list()),
          ...(await createSecrets(aws, stack.names.key_prefix).list()).map((one) => ({
            ...one,
            name: one.name === clientSecretName ? "the login's" : "the API keys",
          })),
        ],
        remove: async (arn) => deleteSecret(await aws.secretsManager(), arn),
      },
      findLeft: async () => findLeft(aws, stack),
      otherCertificates: async (domain) =>
        otherCertificates(aws, { name, environment, region }, domain),
      takeLock: async () =>
        takeLock(lockDeps(deps, target, flags), { command: "destroy", waitSeconds: own.lockWait }),
    });
    const document = destroyDocument(config, what);
    deps.out(flags.json ? jsonText(document) : destroyText(document));
    return exitCodes.done;
  },
});
