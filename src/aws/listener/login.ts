import {
  ModifyListenerCommand,
  type Action,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { asAccepted, describeListener } from "../load-balancer.ts";

type LoadBalancing = Pick<ElasticLoadBalancingV2Client, "send">;

/** What a listener asks of a browser before it forwards a request. */
export interface ListenerLogin {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly userInfoEndpoint: string;
  readonly clientId: string;
  readonly scope: string;
  readonly sessionSeconds: number;
}

/**
 * Puts the login before what the listener does now, in one call: no request passes between two states. Replaces another login. Throws the
 * SDK's own errors.
 */
export async function setLogin(
  loadBalancing: LoadBalancing,
  listenerArn: string,
  login: ListenerLogin,
  clientSecret: string,
): Promise<void> {
  const others = (await actionsOf(loadBalancing, listenerArn)).filter((one) => !isLogin(one));
  const first: Action = {
    Type: "authenticate-oidc",
    Order: 1,
    AuthenticateOidcConfig: { ...configOf(login), ClientSecret: clientSecret },
  };
  await loadBalancing.send(
    new ModifyListenerCommand({ ListenerArn: listenerArn, DefaultActions: inOrder(first, others) }),
  );
}

/** Lets everyone in again. Throws the SDK's own errors. */
export async function removeLogin(
  loadBalancing: LoadBalancing,
  listenerArn: string,
): Promise<void> {
  const actions = await actionsOf(loadBalancing, listenerArn);
  const others = actions.filter((one) => !isLogin(one));
  if (others.length === actions.length) return;
  await loadBalancing.send(
    new ModifyListenerCommand({
      ListenerArn: listenerArn,
      DefaultActions: inOrder(undefined, others),
    }),
  );
}

async function actionsOf(
  loadBalancing: LoadBalancing,
  listenerArn: string,
): Promise<readonly Action[]> {
  return (await describeListener(loadBalancing, listenerArn))?.DefaultActions ?? [];
}

function isLogin({ Type }: Action): boolean {
  return Type === "authenticate-oidc";
}

/** AWS needs an order where there are several actions, and takes the last one for the answer. */
function inOrder(first: Action | undefined, others: readonly Action[]): Action[] {
  const actions = [...(first === undefined ? [] : [first]), ...others.map(asAccepted)];
  return actions.map((action, index) => ({ ...action, Order: index + 1 }));
}

function configOf(login: ListenerLogin) {
  return {
    Issuer: login.issuer,
    AuthorizationEndpoint: login.authorizationEndpoint,
    TokenEndpoint: login.tokenEndpoint,
    UserInfoEndpoint: login.userInfoEndpoint,
    ClientId: login.clientId,
    Scope: login.scope,
    SessionTimeout: login.sessionSeconds,
    OnUnauthenticatedRequest: "authenticate",
  } as const;
}
