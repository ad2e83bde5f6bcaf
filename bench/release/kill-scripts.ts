/** A moment of a step in which the process is killed. */
export type Moment =
  | "after begun"
  | "before done"
  | "after done"
  | "before begun"
  | "a moment in"
  | "before it is closed"
  | "after it is closed";

export interface Script {
  /** The steps of the journal that change something, each with a "begun" and a "done". */
  readonly acting: readonly string[];
  /** Steps that wait, with only a "begun". */
  readonly waiting: readonly string[];
  /** Steps that change something first, with only a "done". */
  readonly unannounced?: readonly string[];
  readonly args: (version: string) => readonly string[];
  /** The step at which a Ctrl-C makes it roll back, so that the steps are those of the rollback. */
  readonly turnsBackAt?: string;
  /** Whether it needs an earlier version that still runs. */
  readonly needsWarm?: boolean;
  /** Whether the end of the journal is among the moments. */
  readonly closes: boolean;
}

const release = (strategy: string) => (version: string) => [
  ...["release", "--version", version, "--no-build"],
  ...["--strategy", strategy, "--bake", "3s"],
];

export const blueGreen: Script = {
  acting: [
    "claim",
    "pause-scaling",
    "clear",
    "point",
    "start",
    "open-probe",
    "shift",
    "close-probe",
    "set-minimum",
    "resume-scaling",
    "retire-previous",
  ],
  waiting: ["wait", "probe", "bake"],
  args: release("blue-green"),
  closes: true,
};

export const wayBack: Script = {
  acting: ["withdraw-probe", "discard", "resume-scaling-back"],
  waiting: ["see-back"],
  unannounced: ["put-back"],
  args: release("blue-green"),
  turnsBackAt: "bake",
  closes: true,
};

/** From `close-probe` on its steps are those of any release. */
export const warmRollback: Script = {
  acting: ["claim-warm", "pause-scaling-warm", "hold", "shift"],
  waiting: ["bake"],
  args: () => ["rollback"],
  needsWarm: true,
  closes: false,
};

export const rolling: Script = {
  acting: [
    "claim",
    "point",
    "pause-scaling",
    "lower-minimum",
    "take-out",
    "bring-back",
    "finish",
    "set-minimum",
    "resume-scaling",
  ],
  waiting: ["choose", "update", "rejoin", "bake"],
  args: release("rolling"),
  closes: true,
};

/** The steps and moments, in order. */
export function momentsOf({
  acting,
  waiting,
  unannounced = [],
  closes,
}: Script): readonly (readonly [string, Moment])[] {
  return [
    ...at(unannounced, "before done", "after done"),
    ...at(acting, "after begun", "before done", "after done"),
    ...at(waiting, "before begun", "after begun", "a moment in"),
    ...(closes ? at(acting.slice(-1), "before it is closed", "after it is closed") : []),
  ];
}

function at(
  steps: readonly string[],
  ...moments: readonly Moment[]
): readonly (readonly [string, Moment])[] {
  return steps.flatMap((step) => moments.map((moment) => [step, moment] as const));
}
