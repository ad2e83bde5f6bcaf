/** The parts of an ARN that say which service to ask, and about what. */
export interface Arn {
  readonly text: string;
  /** Such as `elasticloadbalancing`. */
  readonly service: string;
  /** Such as `listener-rule`; empty where the ARN has a name only, as a topic's. */
  readonly kind: string;
  /** The rest: a name or an id, in the form that the service has chosen. */
  readonly id: string;
}

/** Reads `arn:PARTITION:SERVICE:REGION:ACCOUNT:KIND/ID`, or with a colon before the id, or without a kind. Other texts have no service. */
export function parseArn(text: string): Arn {
  const [, service = "", kind = "", id = ""] =
    /^arn:[^:]*:([^:]*):[^:]*:[^:]*:(?:([\w-]+)[/:])?(.*)$/.exec(text) ?? [];
  return { text, service, kind, id };
}
