/** A target tracking policy, its group and what its alarms say. */
export interface TrackingView {
  readonly group: string;
  readonly policy: string;
  readonly target: number;
  /** The alarm of the policy that is on; null while none is. */
  readonly alarm: { readonly name: string; readonly isHigh: boolean } | null;
  /** The metric's last value; null without one. */
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /** Instances in service that have warmed up, and those that have not. */
  readonly warm: number;
  readonly warming: number;
  readonly suspended: ReadonlySet<string>;
}

/**
 * The size that the policy asks for; null when it changes nothing. Instances that warm up count as the group's already, so a scale-out adds
 * what is missing besides them, and nothing scales in meanwhile.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
 */
export function planTracking(view: TrackingView): number | null {
  const { alarm, value, target, min, max, desired, warm, warming, suspended } = view;
  if (alarm === null || value === null || suspended.has("AlarmNotification")) return null;
  const wanted = Math.ceil((Math.max(1, warm) * value) / target);
  const bounded = Math.min(max, Math.max(min, wanted));
  if (alarm.isHigh) return bounded > desired ? bounded : null;
  return warming === 0 && bounded < desired ? bounded : null;
}
