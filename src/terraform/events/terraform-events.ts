import { stripVTControlCharacters } from "node:util";
import type { StopSignal } from "../../errors/interrupted-error.ts";
import { isRecord, numberOf, parseJson, recordOf, textOf } from "./json.ts";
import type { JsonRecord } from "./json.ts";

/**
 * One line of the machine-readable UI of terraform and tofu, with their names
 * (https://developer.hashicorp.com/terraform/internals/machine-readable-ui). `at` is the line's own time in
 * milliseconds since 1970.
 */
export type TerraformEvent =
  | { readonly type: "version"; readonly product: "terraform" | "tofu"; readonly version: string }
  | { readonly type: "planned_change" | "resource_drift"; readonly change: PlannedChange }
  | {
      readonly type: "refresh_start" | "refresh_complete";
      readonly address: string;
      readonly at: number;
    }
  | {
      readonly type: "apply_start";
      readonly address: string;
      readonly action: string;
      readonly at: number;
    }
  | {
      readonly type: ApplyStep;
      readonly address: string;
      readonly action: string;
      /** AWS's id, once the resource exists. */
      readonly id?: string;
      readonly elapsedSeconds: number;
      readonly at: number;
    }
  | { readonly type: "provision_progress"; readonly address: string; readonly text: string }
  | { readonly type: "change_summary"; readonly operation: string; readonly summary: ChangeSummary }
  | { readonly type: "outputs"; readonly outputs: Readonly<Record<string, OutputChange>> }
  | { readonly type: "diagnostic"; readonly diagnostic: Diagnostic }
  | { readonly type: "state_lock_acquire" | "state_lock_release" }
  | { readonly type: "log"; readonly level: string; readonly text: string }
  | DriverEvent;

/** What the driver adds to terraform's own events. */
export type DriverEvent =
  /** Where init takes the AWS provider from, when that is a folder of this machine. */
  | { readonly type: "provider_mirror"; readonly path: string }
  /** Terraform was asked to finish what is in flight and then to stop. */
  | {
      readonly type: "stopping";
      readonly signal: StopSignal;
      readonly inFlight: readonly InFlight[];
    }
  /** Terraform has been silent for a while, for example because AWS throttles it, or is still finishing what was in flight. */
  | {
      readonly type: "heartbeat";
      readonly silentSeconds: number;
      readonly stopping: boolean;
      readonly inFlight: readonly InFlight[];
    };

/** A resource that terraform is working on. `since` is milliseconds since 1970. */
export interface InFlight {
  readonly address: string;
  readonly action: string;
  readonly since: number;
}

type ApplyStep = "apply_progress" | "apply_complete" | "apply_errored";

export interface PlannedChange {
  /** Such as `module.network.aws_subnet.public["a"]`. */
  readonly address: string;
  readonly resourceType: string;
  /** create, read, update, replace, delete, move, import, forget, noop. */
  readonly action: string;
  /** Why a replacement or a deletion, such as `cannot_update`. */
  readonly reason?: string;
  readonly previousAddress?: string;
}

export interface ChangeSummary {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
}

export interface OutputChange {
  readonly sensitive: boolean;
  /** In a plan: create, update, delete or noop. */
  readonly action?: string;
  /** After an apply, unless it is sensitive. */
  readonly value?: unknown;
}

export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  readonly address?: string;
  /** `modules/network/main.tf:12`, relative to the folder. */
  readonly position?: string;
}

/**
 * Reads a line. A line that is not JSON, or of an unknown type, becomes a `log` event. An empty line becomes
 * nothing.
 */
export function parseEvent(line: string): TerraformEvent | undefined {
  const message = line.startsWith("{") ? parseObject(line) : undefined;
  if (message === undefined) {
    const text = stripVTControlCharacters(line).trim();
    return text === "" ? undefined : { type: "log", level: "text", text };
  }
  return (
    readMessage(message) ?? {
      type: "log",
      level: textOf(message["@level"]) || "info",
      text: textOf(message["@message"]).trim(),
    }
  );
}

/** A diagnostic of the stream, or of the document that `validate -json` prints. */
export function readDiagnostic(value: unknown): Diagnostic {
  const diagnostic = recordOf(value);
  const range = recordOf(diagnostic["range"]);
  const position = textOf(range["filename"]);
  const address = textOf(diagnostic["address"]);
  return {
    severity: diagnostic["severity"] === "warning" ? "warning" : "error",
    summary: textOf(diagnostic["summary"]).trim(),
    detail: textOf(diagnostic["detail"]).trim(),
    ...(address === "" ? {} : { address }),
    ...(position === ""
      ? {}
      : { position: `${position}:${numberOf(recordOf(range["start"])["line"])}` }),
  };
}

function readMessage(message: JsonRecord): TerraformEvent | undefined {
  const type = textOf(message["type"]);
  const hook = recordOf(message["hook"]);
  const address = textOf(recordOf(hook["resource"])["addr"]);
  const action = textOf(hook["action"]);
  const id = textOf(hook["id_value"]);
  const elapsedSeconds = numberOf(hook["elapsed_seconds"]);
  const at = Date.parse(textOf(message["@timestamp"])) || 0;
  switch (type) {
    case "version": {
      const product = isText(message["tofu"]) ? "tofu" : "terraform";
      return { type, product, version: textOf(message[product]) };
    }
    case "planned_change":
    case "resource_drift":
      return { type, change: readChange(recordOf(message["change"])) };
    case "refresh_start":
    case "refresh_complete":
      return { type, address, at };
    case "apply_start":
      return { type, address, action, at };
    case "apply_progress":
    case "apply_complete":
    case "apply_errored":
      return { type, address, action, elapsedSeconds, at, ...(id === "" ? {} : { id }) };
    case "provision_progress":
      return { type, address, text: textOf(hook["output"]) };
    case "change_summary": {
      const changes = recordOf(message["changes"]);
      const summary = {
        add: numberOf(changes["add"]),
        change: numberOf(changes["change"]),
        remove: numberOf(changes["remove"]),
      };
      return { type, operation: textOf(changes["operation"]), summary };
    }
    case "outputs":
      return { type, outputs: readOutputs(recordOf(message["outputs"])) };
    case "diagnostic":
      return { type, diagnostic: readDiagnostic(message["diagnostic"]) };
    case "state_lock_acquire":
    case "state_lock_release":
      return { type };
    default:
      return undefined;
  }
}

function readChange(change: JsonRecord): PlannedChange {
  const resource = recordOf(change["resource"]);
  const reason = textOf(change["reason"]);
  const previousAddress = textOf(recordOf(change["previous_resource"])["addr"]);
  return {
    address: textOf(resource["addr"]),
    resourceType: textOf(resource["resource_type"]),
    action: textOf(change["action"]),
    ...(reason === "" ? {} : { reason }),
    ...(previousAddress === "" ? {} : { previousAddress }),
  };
}

function readOutputs(outputs: JsonRecord): Readonly<Record<string, OutputChange>> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      const output = recordOf(value);
      const action = textOf(output["action"]);
      return [
        name,
        {
          sensitive: output["sensitive"] === true,
          ...(action === "" ? {} : { action }),
          ...("value" in output ? { value: output["value"] } : {}),
        },
      ];
    }),
  );
}

function parseObject(line: string): JsonRecord | undefined {
  try {
    const value = parseJson(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
