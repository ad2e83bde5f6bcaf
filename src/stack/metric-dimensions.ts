/** How CloudWatch calls a load balancer, such as app/NAME/ID: the end of its ARN (Elastic Load Balancing user guide, metric dimensions). */
export function loadBalancerDimension(arn: string): string {
  return after(arn, ":loadbalancer/");
}

/** How CloudWatch calls a target group: targetgroup/NAME/ID. */
export function targetGroupDimension(arn: string): string {
  return `targetgroup/${after(arn, ":targetgroup/")}`;
}

function after(arn: string, part: string): string {
  return arn.slice(arn.indexOf(part) + part.length);
}
