import type { AwsClients } from "../clients.ts";
import type { StackNames } from "../../stack/names.ts";
import type { Arn } from "./arn.ts";

/** The stack whose resources are looked for. */
export interface SoughtStack {
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly names: StackNames;
  /** What the templates call it in CloudFront; undefined for a stack without CloudFront. */
  readonly cloudfrontName?: string | undefined;
  /** The account of its budget; undefined for a stack without one. */
  readonly budgetAccount?: string | undefined;
  /** Whether it has, or had, a dashboard in CloudWatch. */
  readonly hasDashboard?: boolean;
  /** The region of its health checks in Route53; undefined for a stack without them. */
  readonly healthCheckRegion?: string | undefined;
  /** Its host names, and their Route53 zone by name or id; null without a domain. */
  readonly domain: { readonly names: readonly string[]; readonly zone: string } | null;
}

/** How to find out from one service what it still has of a stack. */
export interface Question {
  /** The service and its kinds of resource, as ARNs spell them. */
  readonly service: string;
  readonly kinds: readonly string[];
  /**
   * Resolves to what exists, one phrase for each resource. `listed`: what AWS's tag index lists of these kinds, which may be deleted
   * already. Throws the SDK's own errors.
   */
  readonly ask: (
    aws: AwsClients,
    stack: SoughtStack,
    listed: readonly Arn[],
  ) => Promise<readonly string[]>;
}

/** Whether a resource has the stack's tags. Most services spell tags this way. */
export function hasTags(
  { name, environment }: Pick<SoughtStack, "name" | "environment">,
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): boolean {
  const has = (key: string, value: string): boolean =>
    tags.some((tag) => tag.Key === key && tag.Value === value);
  return has(tagKeys.name, name) && has(tagKeys.environment, environment);
}

/** The listed resources about which the service answers something. */
export async function thatExist(
  listed: readonly Arn[],
  look: (arn: Arn) => Promise<boolean>,
): Promise<readonly string[]> {
  const found = await Promise.all(listed.map(async (arn) => ((await look(arn)) ? [arn.text] : [])));
  return found.flat();
}

export const tagKeys = { name: "infer-deploy:name", environment: "infer-deploy:environment" };
