import type { HostClaim, StackFlags } from "../lock/host-claim.ts";

/** Options that every verb on a stack takes. A flag comes before its INFER_DEPLOY_* twin, that before the file. */
export interface GlobalFlags extends StackFlags {
  readonly yes: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
}

/** Options of the verbs that move traffic, and what was done for them before anything else. */
export interface MoveFlags {
  /** The verb with its options, for those who find the lock held. */
  readonly command: string;
  /** Absent where no lock is taken, and where the run waits for it. */
  readonly claim: HostClaim | undefined;
  readonly message: string | undefined;
  readonly skipHooks: boolean;
  /** Seconds. */
  readonly lockWait: number;
}
