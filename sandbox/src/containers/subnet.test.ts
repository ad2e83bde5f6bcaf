import { expect, test } from "vitest";
import { chooseSubnet, parseRoutes } from "./subnet.ts";

test("the first range is chosen when nothing overlaps it", () => {
  expect(chooseSubnet(["172.17.0.0/16", "fe80::1/64", ""])).toBe("10.213.0.0/24");
});

test.each([
  [["10.213.0.0/24"], "10.213.1.0/24"],
  [["10.213.0.77/32"], "10.213.1.0/24"],
  [["10.213.0.7"], "10.213.1.0/24"],
  [["10.213.0.0/23", "10.213.2.0/24"], "10.213.3.0/24"],
  // Many VPNs use all of 10.0.0.0/8.
  [["10.1.2.3/8"], "172.29.0.0/24"],
])("when %j is in use, it is %s", (taken, expected) => {
  expect(chooseSubnet(taken)).toBe(expected);
});

test("when everything is in use, there is none", () => {
  expect(chooseSubnet(["0.0.0.0/0"])).toBeUndefined();
});

test("Linux's routes without the default route", () => {
  const text = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
tun0\t0700D50A\t00000000\t0001\t0\t0\t0\tFFFFFFFF\t0\t0\t0
`;
  expect(parseRoutes(text)).toEqual(["172.17.0.0/16", "10.213.0.7/32"]);
});
