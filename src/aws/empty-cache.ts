import { type CloudFrontClient, CreateInvalidationCommand } from "@aws-sdk/client-cloudfront";

/**
 * Empties a distribution's cache, within seconds to a minute. `reference`: CloudFront takes a second request with the same one for the first.
 * One path counts, and AWS counts a thousand in a month before it charges for them.
 */
export async function emptyCache(
  cloudFront: Pick<CloudFrontClient, "send">,
  distribution: string,
  reference: string,
): Promise<void> {
  await cloudFront.send(
    new CreateInvalidationCommand({
      DistributionId: distribution,
      InvalidationBatch: { CallerReference: reference, Paths: { Quantity: 1, Items: ["/*"] } },
    }),
  );
}
