import {
  DescribeListenerAttributesCommand,
  ModifyListenerAttributesCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ResponseHeaders } from "../../config/schema/edge/response-headers.ts";

/**
 * Removes the headers that the listener puts on answers and that are null in `wanted`. Terraform's provider sets them but cannot remove
 * them: it takes an empty value for one that is not managed (hashicorp/terraform-provider-aws#43042).
 */
export async function removeHeaders(
  loadBalancing: Pick<ElasticLoadBalancingV2Client, "send">,
  listenerArn: string,
  wanted: ResponseHeaders,
): Promise<void> {
  const { Attributes = [] } = await loadBalancing.send(
    new DescribeListenerAttributesCommand({ ListenerArn: listenerArn }),
  );
  const set = new Set(Attributes.flatMap(({ Key, Value }) => (Value ? [Key] : [])));
  const unwanted = headerNames.flatMap((header) => {
    const key = attributes[header];
    return wanted[header] === null && set.has(key) ? [key] : [];
  });
  if (unwanted.length === 0) return;
  await loadBalancing.send(
    new ModifyListenerAttributesCommand({
      ListenerArn: listenerArn,
      Attributes: unwanted.map((Key) => ({ Key, Value: "" })),
    }),
  );
}

const headerNames = [
  "strictTransportSecurity",
  "contentTypeOptions",
  "frameOptions",
  "contentSecurityPolicy",
] as const;

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-header-modification.html */
const attributes: Readonly<Record<keyof ResponseHeaders, string>> = {
  strictTransportSecurity: "routing.http.response.strict_transport_security.header_value",
  contentTypeOptions: "routing.http.response.x_content_type_options.header_value",
  frameOptions: "routing.http.response.x_frame_options.header_value",
  contentSecurityPolicy: "routing.http.response.content_security_policy.header_value",
};
