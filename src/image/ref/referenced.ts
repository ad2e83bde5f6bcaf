import { parseImageReference } from "../../config/fields/image-reference.ts";
import { pushCredentials } from "../../aws/ecr/registry.ts";
import { CommandError } from "../../errors/command-error.ts";
import type { Run } from "../../process/programs/run.ts";
import { copyReferenced, type CopyDeps, type CopyRequest } from "./copy-image.ts";
import type { Copied } from "./copy-blobs.ts";
import { readDockerLogin } from "./docker-login.ts";
import { findReferenced, type Wanted } from "./find-image.ts";
import type { ReferencedImage } from "./referenced-image.ts";
import { openRepository, type Repository } from "./registry.ts";

/** The image that image.ref names. */
export interface Referenced {
  /** Throws CommandError (64) for one that is not there, needs another login or is for another processor; (1) when its registry does not answer. */
  readonly find: () => Promise<ReferencedImage>;
  /** Whether the image is in another repository of the stack's own registry. */
  readonly isOwn: boolean;
  /** Undefined when the stack's repository has it. Throws CommandError. */
  readonly copy: (request: CopyRequest) => Promise<Copied | undefined>;
}

export interface ReferencedDeps extends Omit<CopyDeps, "isOwn" | "source"> {
  readonly run: Run;
  /** The user's folder of Docker's configuration. */
  readonly dockerFolder: string;
  readonly account: string;
  readonly region: string;
}

export function createReferenced(deps: ReferencedDeps, wanted: Wanted): Referenced {
  const { host, repository } = parseImageReference(wanted.ref);
  const isOwn = isOwnRegistry(host, deps);
  let opened: Promise<Repository> | undefined;
  const open = async (): Promise<Repository> => {
    if (isOwn) {
      const { url, username, password } = await pushCredentials(await deps.ecr());
      const login = { username, password };
      return openRepository(deps, { host, url, repository, login, writes: false });
    }
    const login = await readDockerLogin(deps.run, deps.dockerFolder, host);
    return openRepository(deps, { host, repository, login, writes: false });
  };
  const source = async (): Promise<Repository> => (opened ??= open());
  return {
    isOwn,
    find: async () => {
      try {
        return await findReferenced(await source(), wanted);
      } catch (error) {
        deps.signal.throwIfAborted();
        // fetch throws it when there is no connection.
        throw error instanceof TypeError ? noAnswer(host, wanted, error) : error;
      }
    },
    copy: async (request) => copyReferenced({ ...deps, source, isOwn }, request),
  };
}

/** Whether the host is the account's own registry in the region, to which this run has the keys. */
function isOwnRegistry(
  host: string,
  { account, region }: Pick<ReferencedDeps, "account" | "region">,
): boolean {
  return host.startsWith(`${account}.dkr.ecr.${region}.amazonaws.com`);
}

function noAnswer(host: string, { where }: Wanted, error: TypeError): CommandError {
  const { cause } = error;
  return new CommandError(`The registry ${host} does not answer.`, {
    where,
    why: cause instanceof Error ? cause.message : error.message,
    next: "check its name in image.ref, and the network; behind a proxy set HTTPS_PROXY",
    cause: error,
  });
}
