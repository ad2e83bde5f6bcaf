import type { QuotaName } from "../aws/account/quotas.ts";
import { failed, ok, unknown, warning, type Finding } from "./finding.ts";

/** A quota, how much of it is used, and how much more a verb needs. */
export interface QuotaUse {
  readonly quota: QuotaName;
  /** undefined when Service Quotas does not know it. */
  readonly value: number | undefined;
  readonly used: number;
  /** What the next `up` adds; 0 when the stack is there. */
  readonly up: number;
  /** What a release adds while both versions run, and removes at its end. */
  readonly release: number;
}

/** Whether the account's quotas have room for the next `up` and for a release after it. */
export function judgeQuota({ quota, value, used, up, release }: QuotaUse): Finding {
  const check = `quota ${quota.title}`;
  if (value === undefined) {
    return unknown(check, `Service Quotas does not list ${quota.code} in this region`);
  }
  const free = value - used;
  const room = `${used} of ${value} in use`;
  const raise = `aws service-quotas request-service-quota-increase --service-code ${quota.service} --quota-code ${quota.code} --desired-value ${used + up + release}`;
  if (free < up) return failed(check, `${room}, and up needs ${up} more`, raise);
  if (free < up + release) {
    const way = `${raise}; release.strategy: rolling needs no more than the running instances`;
    return warning(check, `${room}, and a release needs ${up + release} more`, way);
  }
  return ok(check, room);
}
