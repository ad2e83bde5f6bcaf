/** What AWS has of an existing VPC. */
export interface VpcFacts {
  /** Whether the VPC is in the stack's region and these credentials see it. */
  readonly exists: boolean;
  /** The subnets of the configuration that exist, of any VPC. */
  readonly subnets: readonly SubnetFacts[];
  /** Of the VPC. Those of services by their names, such as com.amazonaws.eu-west-1.logs. */
  readonly endpoints: readonly EndpointFacts[];
}

export interface SubnetFacts {
  readonly id: string;
  readonly vpc: string;
  readonly zone: string;
  readonly cidr: string;
  readonly freeAddresses: number;
  readonly routeTable: string;
  /** The target of the route to 0.0.0.0/0, such as igw-1 or nat-1; null without one, or when its target is gone. */
  readonly wayOut: string | null;
}

export interface EndpointFacts {
  readonly service: string;
  /** Of a gateway endpoint. */
  readonly routeTables: readonly string[];
  /** Whether the service's usual name leads to it; null for a gateway endpoint. */
  readonly privateNames: boolean | null;
}
