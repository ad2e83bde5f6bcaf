import {
  DescribeListenersCommand,
  ModifyListenerCommand,
  type Action,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { setListenerWeights } from "../load-balancer.ts";
import { removeLogin, setLogin } from "./login.ts";

const login = {
  issuer: "https://login.example.com",
  authorizationEndpoint: "https://login.example.com/auth",
  tokenEndpoint: "https://login.example.com/token",
  userInfoEndpoint: "https://login.example.com/me",
  clientId: "demo",
  scope: "openid email",
  sessionSeconds: 3600,
};

/** A listener that keeps what it is given as AWS does: it returns no client secret, and wants the old one to be asked for. */
function listener() {
  let secret: string | undefined;
  let actions: readonly Action[] = [
    {
      Type: "forward",
      TargetGroupArn: "arn:blue",
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: "arn:blue", Weight: 100 },
          { TargetGroupArn: "arn:green", Weight: 0 },
        ],
      },
    },
  ];
  const sent: (readonly Action[])[] = [];
  const send = async (command: unknown) => {
    if (command instanceof DescribeListenersCommand) {
      return { Listeners: [{ ListenerArn: "arn", DefaultActions: actions }] };
    }
    if (!(command instanceof ModifyListenerCommand)) throw new Error("another call");
    const { DefaultActions: given = [] } = command.input;
    const config = given.find(({ Type }) => Type === "authenticate-oidc")?.AuthenticateOidcConfig;
    if (config !== undefined) {
      if ((config.ClientSecret === undefined) !== (config.UseExistingClientSecret === true)) {
        throw new Error("InvalidLoadBalancerAction");
      }
      secret = config.ClientSecret ?? secret;
    }
    sent.push(given);
    actions = given.map((action) => {
      if (action.AuthenticateOidcConfig === undefined) return action;
      const {
        ClientSecret: _,
        UseExistingClientSecret: __,
        ...rest
      } = action.AuthenticateOidcConfig;
      return { ...action, AuthenticateOidcConfig: rest };
    });
    return {};
  };
  return {
    client: { send } as unknown as Parameters<typeof setLogin>[0],
    sent,
    actions: () => actions,
    secret: () => secret,
    weights: () =>
      actions
        .flatMap((action) => action.ForwardConfig?.TargetGroups ?? [])
        .map(({ Weight }) => Weight),
  };
}

test("the login comes before the target groups, in one call that keeps the weights", async () => {
  const one = listener();
  await setLogin(one.client, "arn", login, "hunter2");
  expect(one.sent).toHaveLength(1);
  expect(one.actions().map(({ Type, Order }) => [Order, Type])).toEqual([
    [1, "authenticate-oidc"],
    [2, "forward"],
  ]);
  expect(one.actions()[0]?.AuthenticateOidcConfig).toEqual({
    Issuer: login.issuer,
    AuthorizationEndpoint: login.authorizationEndpoint,
    TokenEndpoint: login.tokenEndpoint,
    UserInfoEndpoint: login.userInfoEndpoint,
    ClientId: "demo",
    Scope: "openid email",
    SessionTimeout: 3600,
    OnUnauthenticatedRequest: "authenticate",
  });
  expect(one.weights()).toEqual([100, 0]);
});

test("each change of the weights keeps the login and its secret", async () => {
  const one = listener();
  await setLogin(one.client, "arn", login, "hunter2");
  for (const green of [10, 100, 0]) {
    const weights = new Map([
      ["arn:blue", 100 - green],
      ["arn:green", green],
    ]);
    await setListenerWeights(one.client, "arn", weights);
    expect(one.weights()).toEqual([100 - green, green]);
  }
  expect(one.sent.map((actions) => actions[0]?.Type)).toEqual(
    Array.from({ length: 4 }, () => "authenticate-oidc"),
  );
  expect(one.secret()).toBe("hunter2");
});

test("a new secret replaces the login, and without it only the target groups remain", async () => {
  const one = listener();
  await setLogin(one.client, "arn", login, "hunter2");
  await setLogin(one.client, "arn", login, "hunter3");
  expect(one.secret()).toBe("hunter3");
  expect(one.actions()).toHaveLength(2);
  await removeLogin(one.client, "arn");
  expect(one.actions().map(({ Type, Order }) => [Order, Type])).toEqual([[1, "forward"]]);
  await removeLogin(one.client, "arn");
  expect(one.sent).toHaveLength(3);
});
