import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ActionView, ConditionView, LoginView } from "./region-view.ts";

/** The actions that answer a request, in order; actions that authenticate are left out. */
export function readActions(actions: readonly Action[]): ActionView[] {
  const ordered = actions.toSorted((one, other) => (one.Order ?? 0) - (other.Order ?? 0));
  return ordered.flatMap((action): ActionView[] => {
    switch (action.Type) {
      case "forward":
        return [{ type: "forward", groups: readGroups(action) }];
      case "fixed-response": {
        const fixed = action.FixedResponseConfig;
        return [
          {
            type: "fixed-response",
            status: Number(fixed?.StatusCode),
            contentType: fixed?.ContentType ?? "text/plain",
            body: fixed?.MessageBody ?? "",
          },
        ];
      }
      case "redirect": {
        const redirect = action.RedirectConfig;
        return [
          {
            type: "redirect",
            status: redirect?.StatusCode === "HTTP_301" ? 301 : 302,
            protocol: redirect?.Protocol ?? "#{protocol}",
            host: redirect?.Host ?? "#{host}",
            port: redirect?.Port ?? "#{port}",
            path: redirect?.Path ?? "/#{path}",
            query: redirect?.Query ?? "#{query}",
          },
        ];
      }
      default:
        return [];
    }
  });
}

/** The action of a listener that asks for a login. */
export function readLogin(actions: readonly Action[]): LoginView | null {
  const found = actions.find(({ Type }) => Type === "authenticate-oidc")?.AuthenticateOidcConfig;
  if (found === undefined) return null;
  return {
    authorizationEndpoint: found.AuthorizationEndpoint ?? "",
    clientId: found.ClientId ?? "",
    scope: found.Scope ?? "openid",
    onUnauthenticated: found.OnUnauthenticatedRequest ?? "authenticate",
  };
}

/** Reads conditions in the new form (PathPatternConfig and others) and in the old one (Values). */
export function readConditions(conditions: readonly RuleCondition[]): ConditionView[] {
  return conditions.map((condition): ConditionView => {
    const old = condition.Values ?? [];
    switch (condition.Field) {
      case "path-pattern":
        return { field: "path-pattern", values: condition.PathPatternConfig?.Values ?? old };
      case "host-header":
        return { field: "host-header", values: condition.HostHeaderConfig?.Values ?? old };
      case "http-request-method":
        return {
          field: "http-request-method",
          values: condition.HttpRequestMethodConfig?.Values ?? old,
        };
      case "http-header": {
        const header = condition.HttpHeaderConfig;
        return {
          field: "http-header",
          name: header?.HttpHeaderName ?? "",
          values: header?.Values ?? old,
        };
      }
      case "query-string": {
        const pairs = condition.QueryStringConfig?.Values ?? [];
        return {
          field: "query-string",
          pairs: pairs.map(({ Key, Value }) => ({ key: Key ?? null, value: Value ?? "" })),
        };
      }
      default:
        return { field: "never" };
    }
  });
}

function readGroups(action: Action): { readonly arn: string; readonly weight: number }[] {
  const groups = action.ForwardConfig?.TargetGroups;
  // The short form, one target group without a weight.
  if (groups === undefined || groups.length === 0)
    return [{ arn: action.TargetGroupArn ?? "", weight: 1 }];
  return groups.map(({ TargetGroupArn, Weight }) => ({
    arn: TargetGroupArn ?? "",
    weight: Weight ?? 1,
  }));
}
