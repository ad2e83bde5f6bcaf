import type { Reporter } from "../../report/reporter.ts";
import type { PendingResource } from "../../report/sights.ts";
import type { TerraformEvent } from "../../terraform/events/terraform-events.ts";

export interface EventSink {
  /** Names the step of the next events, and how many resources it will touch. */
  readonly begin: (step: string, total: number) => void;
  readonly take: (event: TerraformEvent) => void;
}

/** Turns Terraform's stream into the reporter's progress: the count, and the resources in flight. As words, and as a sight where something is applied. */
export function createProgress(reporter: Pick<Reporter, "notify">): EventSink {
  const inFlight = new Map<string, PendingResource>();
  let failed: readonly string[] = [];
  let step = "plan";
  let total = 0;
  let completed = 0;
  let refreshed = 0;
  const see = (silentSeconds = 0): void => {
    const pending = [...inFlight.values()];
    const sight = { total, completed, pending, failed, silentSeconds };
    if (total > 0) reporter.notify({ type: "resources-seen", step, sight });
  };
  const show = (): void => {
    see();
    const names = [...inFlight.values()].map(({ address }) => address);
    const more = names.length > shownAtOnce ? ` and ${names.length - shownAtOnce} more` : "";
    const now = names.length === 0 ? "" : `, now ${names.slice(0, shownAtOnce).join(", ")}${more}`;
    reporter.notify({ type: "step-progress", step, detail: `${completed} of ${total}${now}` });
  };
  return {
    begin: (nextStep, nextTotal) => {
      step = nextStep;
      total = nextTotal;
      completed = 0;
      failed = [];
      inFlight.clear();
      see();
    },
    take: (event) => {
      switch (event.type) {
        case "refresh_start":
          if (step === "plan") {
            refreshed += 1;
            reporter.notify({
              type: "step-progress",
              step,
              detail: `${refreshed} resources checked`,
            });
          }
          return;
        case "apply_start":
          if (event.action === "read") {
            return;
          }
          inFlight.set(event.address, {
            address: shortAddress(event.address),
            action: event.action,
            since: event.at,
          });
          show();
          return;
        case "apply_complete":
          if (!inFlight.delete(event.address)) {
            return;
          }
          completed += 1;
          show();
          return;
        case "apply_errored":
          if (inFlight.delete(event.address)) failed = [...failed, shortAddress(event.address)];
          show();
          return;
        case "provider_mirror":
          reporter.notify({ type: "note", text: `the AWS provider comes from ${event.path}` });
          return;
        case "stopping":
          reporter.notify({
            type: "warning",
            text: `${names[event.signal]}: stopping at the next safe point. Terraform finishes what is in flight, saves its state and releases its lock. Pressing again changes nothing.`,
          });
          return;
        case "heartbeat":
          see(event.silentSeconds);
          // Silence is mostly AWS throttling, because the provider retries without a message.
          reporter.notify({
            type: "step-progress",
            step,
            detail: `${total === 0 ? "" : `${completed} of ${total}, `}no news for ${event.silentSeconds} s${event.stopping ? ", stopping" : ""}`,
          });
          return;
        default:
      }
    },
  };
}

/** module.load_balancer.aws_lb.this -> load_balancer.aws_lb.this */
function shortAddress(address: string): string {
  return address.replaceAll("module.", "");
}

const shownAtOnce = 2;

const names = { SIGINT: "Ctrl-C", SIGTERM: "SIGTERM", SIGHUP: "Terminal closed" } as const;
