import type { Price } from "./prices.ts";

/**
 * Linux on demand, USD an hour, as known on `tableDate`; null for a type or a region that is not here. https://aws.amazon.com/ec2/pricing/on-demand/
 */
export function packagedInstanceHour(region: string, type: string): Price {
  const own = wholeTypes[type]?.[regions.indexOf(region)] ?? inThree(wholeTypesHere, region, type);
  if (own !== null) return own;
  const [family = "", size = ""] = type.split(".");
  const { large, sizes } = families[family] ?? { large: [], sizes: [] };
  const factor = sizes.includes(size) ? (inLarges[size] ?? null) : null;
  const price = large[regions.indexOf(region)] ?? inThree(largeHere, region, family);
  return factor === null || price === null ? null : round(price * factor);
}

/** The next smaller size of the same family, such as `c7i.large` of `c7i.xlarge`; null where the table knows none. */
export function nextSmaller(type: string): string | null {
  const [family = "", size = ""] = type.split(".");
  const sizes = families[family]?.sizes ?? [];
  const smaller = sizes[sizes.indexOf(size) - 1];
  return smaller === undefined ? null : `${family}.${smaller}`;
}

/** The price of three regions in which the types below cost the same; null elsewhere. */
function inThree(prices: Readonly<Record<string, number>>, region: string, name: string): Price {
  return ["us-east-1", "us-east-2", "us-west-2"].includes(region) ? (prices[name] ?? null) : null;
}

/** AWS has at most five digits behind the point, and cuts the products of this table's numbers to them. */
function round(price: number): number {
  return Math.round(price * 100_000) / 100_000;
}

const regions: readonly string[] = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1"],
  ...["eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3"],
  ...["ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2"],
];

/** A size in sizes of `large`. In the families below a price is in proportion to the size. */
const inLarges: Readonly<Record<string, number>> = {
  nano: 1 / 16,
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
  "2xlarge": 4,
  "4xlarge": 8,
  "8xlarge": 16,
  "12xlarge": 24,
  "16xlarge": 32,
  "24xlarge": 48,
  "48xlarge": 96,
};

const burstable = ["nano", "micro", "small", "medium", "large", "xlarge", "2xlarge"];
const flexible = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
const intel = [
  ...["large", "xlarge", "2xlarge", "4xlarge", "8xlarge"],
  ...["12xlarge", "16xlarge", "24xlarge", "48xlarge"],
];
const sixth = intel.slice(0, -1);
const graviton = ["medium", ...flexible];

/** `large`: in the order of `regions`. */
const families: Readonly<
  Record<string, { readonly sizes: readonly string[]; readonly large: readonly number[] }>
> = {
  t3: {
    sizes: burstable,
    large: [
      ...[0.0832, 0.0832, 0.0992, 0.0832, 0.0928, 0.096, 0.0864, 0.0912, 0.0944, 0.0944],
      ...[0.1088, 0.104, 0.0896, 0.1056, 0.1056],
    ],
  },
  "c7i-flex": {
    sizes: flexible,
    large: [
      ...[0.08479, 0.08479, 0.10574, 0.08479, 0.09277, 0.09676, 0.09077, 0.09097, 0.10075],
      ...[0.10075, 0.10673, 0.09576, 0.08479, 0.09778, 0.11072],
    ],
  },
  c7i: {
    sizes: intel,
    large: [
      ...[0.08925, 0.08925, 0.1113, 0.08925, 0.09765, 0.10185, 0.09555, 0.09576, 0.10605],
      ...[0.10605, 0.11235, 0.1008, 0.08925, 0.10292, 0.11655],
    ],
  },
  c7g: {
    sizes: graviton,
    large: [
      ...[0.0725, 0.07225, 0.0901, 0.0725, 0.07905, 0.08245, 0.07735, 0.0775, 0.08585],
      ...[0.08585, 0.09095, 0.0816, 0.0491, 0.0833, 0.09435],
    ],
  },
  r6i: {
    sizes: sixth,
    large: [
      ...[0.126, 0.126, 0.14, 0.126, 0.138, 0.152, 0.134, 0.141, 0.148, 0.148],
      ...[0.152, 0.152, 0.13, 0.152, 0.151],
    ],
  },
  r7i: {
    sizes: intel,
    large: [
      ...[0.1323, 0.1323, 0.147, 0.1323, 0.1449, 0.1596, 0.1407, 0.14805, 0.1554, 0.1554],
      ...[0.1596, 0.1596, 0.1365, 0.1596, 0.15855],
    ],
  },
  r7g: {
    sizes: graviton,
    large: [
      ...[0.1071, 0.1071, 0.119, 0.1071, 0.1173, 0.1292, 0.1139, 0.1199, 0.1258, 0.1258],
      ...[0.1292, 0.1292, 0.0751, 0.1292, 0.1284],
    ],
  },
  t3a: { sizes: burstable, large: [] },
  t4g: { sizes: burstable, large: [] },
  c6i: { sizes: sixth, large: [] },
  m6i: { sizes: sixth, large: [] },
  m7i: { sizes: intel, large: [] },
  m7g: { sizes: graviton, large: [] },
};

/** Of the families without a price for every region. */
const largeHere: Readonly<Record<string, number>> = {
  t3a: 0.0752,
  t4g: 0.0672,
  c6i: 0.085,
  m6i: 0.096,
  m7i: 0.1008,
  m7g: 0.0816,
};

/** With a GPU a price is not in proportion to the size. In the order of `regions`; null where AWS has none. */
const wholeTypes: Readonly<Record<string, readonly Price[]>> = {
  "g6.xlarge": [
    ...[0.8048, 0.8048, null, 0.8048, 0.8936, 1.0064, 0.8536, null, 1.0216, 1.0216],
    ...[1.1672, 0.9896, 0.9664, null, 1.0464],
  ],
  "g6.2xlarge": [
    ...[0.9776, 0.9776, null, 0.9776, 1.08547, 1.22249, 1.03688, null, 1.24095, 1.24095],
    ...[1.41781, 1.20208, 1.1739, null, 1.27107],
  ],
};

const wholeTypesHere: Readonly<Record<string, number>> = {
  "g4dn.xlarge": 0.526,
  "g5.xlarge": 1.006,
  "g5.2xlarge": 1.212,
  "g6.4xlarge": 1.3232,
};
