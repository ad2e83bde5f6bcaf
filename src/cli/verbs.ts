import { completion } from "../commands/completion.ts";
import { cost } from "../commands/cost.ts";
import { dashboard } from "../commands/dashboard.ts";
import { destroy } from "../commands/destroy.ts";
import { doctor } from "../commands/doctor.ts";
import { init } from "../commands/init.ts";
import { exec } from "../commands/inside/exec.ts";
import { run } from "../commands/inside/run.ts";
import { logs } from "../commands/inside/logs.ts";
import { keys } from "../commands/keys.ts";
import { lock } from "../commands/lock.ts";
import { maintenance } from "../commands/pause/maintenance.ts";
import { sleep } from "../commands/pause/sleep.ts";
import { wake } from "../commands/pause/wake.ts";
import { plan } from "../commands/plan.ts";
import { release } from "../commands/releases/release.ts";
import { releases } from "../commands/releases/releases.ts";
import { render } from "../commands/render.ts";
import { restart } from "../commands/releases/restart.ts";
import { rollback } from "../commands/releases/rollback.ts";
import { runbook } from "../commands/runbook.ts";
import { sandbox } from "../commands/sandbox.ts";
import { secrets } from "../commands/secrets.ts";
import { status } from "../commands/status.ts";
import { up } from "../commands/up.ts";
import type { Verb, VerbGroup } from "../commands/kinds/verb.ts";

/** In the order in which --help lists them. */
export const verbs: readonly (Verb | VerbGroup)[] = [
  init,
  up,
  plan,
  status,
  dashboard,
  logs,
  exec,
  run,
  destroy,
  render,
  release,
  rollback,
  restart,
  releases,
  cost,
  maintenance,
  sleep,
  wake,
  runbook,
  secrets,
  keys,
  lock,
  doctor,
  sandbox,
  completion,
];
