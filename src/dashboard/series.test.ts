import { expect, test } from "vitest";
import { seriesValues } from "../../test/_helpers/page-values.ts";
import { stackRecord } from "../../test/_helpers/rollout-values.ts";
import { chartSeries, metricCharts } from "./series.ts";

const outputs = {
  load_balancer_arn:
    "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/app-production/50dc6c495c0c9188",
  target_group_arns: {
    blue: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/app-blue/73e2d6bc24d8a067",
    green:
      "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/app-green/83e2d6bc24d8a068",
  },
};

test("metrics are named as the load balancer names them", () => {
  const series = chartSeries(outputs, "app-production");
  expect(series.find(({ id }) => id === "requests_green")).toEqual({
    id: "requests_green",
    namespace: "AWS/ApplicationELB",
    metric: "RequestCount",
    dimensions: {
      TargetGroup: "targetgroup/app-green/83e2d6bc24d8a068",
      LoadBalancer: "app/app-production/50dc6c495c0c9188",
    },
    stat: "Sum",
  });
  expect(series.find(({ id }) => id === "p99")).toMatchObject({
    metric: "TargetResponseTime",
    dimensions: { LoadBalancer: "app/app-production/50dc6c495c0c9188" },
    stat: "p99",
  });
  expect(new Set(series.map(({ id }) => id)).size).toBe(series.length);
});

test("one machine has the same lines, from what its door publishes", () => {
  const { outputs: fleet } = stackRecord();
  const machine = { ...fleet, machine: singleMachine };
  const ids = (series: ReturnType<typeof chartSeries>) => series.map(({ id }) => id).toSorted();
  const series = chartSeries(machine, "app-production");
  expect(ids(series)).toEqual(ids(chartSeries(fleet, "app-production")));
  expect(series.find(({ id }) => id === "errors_green")).toEqual({
    id: "errors_green",
    namespace: "InferDeploy",
    metric: "DoorErrors",
    dimensions: { Stack: "app-production", Colour: "green" },
    stat: "Sum",
  });
});

const singleMachine = {
  group: "app-production-machine",
  address: "192.0.2.7",
  parameters: { settings: "/door/settings", traffic: "/door/traffic" },
  alarm_names: [],
};

test("a period of which CloudWatch has anything but errors had none, and later periods are unknown", () => {
  const values = seriesValues({
    requests_blue: { 60: 120, 180: 60 },
    errors_green: { 120: 3 },
    p99: { 60: 0.25 },
  });
  const charts = metricCharts(values, { start: 0, end: 300, period: 60 });
  expect(charts.requests.times).toEqual([0, 60, 120, 180, 240]);
  expect(charts.requests.lines[0]).toMatchObject({ values: [null, 120, 0, 60, null] });
  expect(charts.errors.lines.find(({ id }) => id === "green")).toMatchObject({
    values: [null, 0, 3, 0, null],
  });
  expect(charts.latency.lines.find(({ id }) => id === "p99")).toMatchObject({
    values: [null, 250, null, null, null],
  });
});

test("counts are a minute's, however long the periods are", () => {
  const values = seriesValues({ requests_blue: { 0: 600 } });
  const { requests } = metricCharts(values, { start: 0, end: 300, period: 300 });
  expect(requests.lines[0]?.values).toEqual([120]);
});
