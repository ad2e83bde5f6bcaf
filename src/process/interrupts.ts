import { InterruptedError, signalName, type StopSignal } from "../errors/interrupted-error.ts";
import { tolerateClosing, type OutputStream } from "./closed-output.ts";

/** The signals of the operating system, as the verbs see them: one request to stop, and its cause. */
export interface Interrupts {
  /** The first signal that arrived, once one has. */
  readonly signal: StopSignal | undefined;
  /** Aborted by the first signal: for SDK calls, waits and programs that may simply be cancelled. */
  readonly aborted: AbortSignal;
  /** Calls `listener` with the first signal, once. A listener that is added later is not called: read `signal`. */
  onSignal(listener: (signal: StopSignal) => void): () => void;
  /**
   * Begins work that must end by itself, such as terraform's, or that holds the lock: until the returned function is called, a second signal
   * does nothing.
   */
  hold(): () => void;
  /** From now on SIGINT means nothing to this process: a program that has the terminal gets it too. */
  leaveToTerminal(): void;
  /** Throws InterruptedError when a signal has arrived. */
  throwIfInterrupted(): void;
  /** Removes the signal handlers, so that a signal ends the process at once again. */
  dispose(): void;
}

/** The part of `process` that this needs, so that a test can send the signals. */
export interface SignalSource {
  on(event: StopSignal, listener: (signal: StopSignal) => void): unknown;
  removeListener(event: StopSignal, listener: (signal: StopSignal) => void): unknown;
  readonly stdout?: OutputStream;
  readonly stderr?: OutputStream;
}

export interface InterruptOptions {
  /** Gets one line for all signals that are swallowed. */
  readonly say?: (line: string) => void;
  /** Ends the process at once, as the first signal would have done. */
  readonly exit?: (signal: StopSignal) => void;
  /** Milliseconds. */
  readonly now?: () => number;
  /** Whether this run was told to survive a hang-up. */
  readonly ignoresHangUp?: boolean;
}

/**
 * Installs the handlers. The first signal is remembered and passed on. While something holds, later ones are swallowed, because a second one
 * would make terraform abandon the resource in flight. Otherwise a second signal ends the process, whatever it still waits for.
 */
export function createInterrupts(
  source: SignalSource,
  {
    say = (line) => source.stderr?.write(`${line}\n`),
    exit = () => undefined,
    now = () => Number.POSITIVE_INFINITY,
    ignoresHangUp = false,
  }: InterruptOptions = {},
): Interrupts {
  const controller = new AbortController();
  const listeners = new Set<(signal: StopSignal) => void>();
  let first: StopSignal | undefined;
  let said = false;
  let since = 0;
  const holds = new Set<object>();

  const handle = (signal: StopSignal): void => {
    if (signal === "SIGHUP" && ignoresHangUp) return;
    if (first !== undefined) {
      if (holds.size > 0) {
        if (!said) say("already stopping: finishing what is in flight");
        said = true;
      } else if (now() - since >= samePressMilliseconds) {
        exit(first);
      }
      return;
    }
    first = signal;
    since = now();
    for (const listener of [...listeners]) listener(signal);
    controller.abort(new InterruptedError(signal, sentence(signal)));
  };

  for (const signal of stopSignals) source.on(signal, handle);
  // Stays after dispose(): the error for the last written line comes later.
  for (const stream of [source.stdout, source.stderr]) {
    if (stream !== undefined) tolerateClosing(stream);
  }

  return {
    get signal() {
      return first;
    },
    aborted: controller.signal,
    onSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hold() {
      const held = {};
      holds.add(held);
      return () => holds.delete(held);
    },
    leaveToTerminal() {
      source.removeListener("SIGINT", handle);
      source.on("SIGINT", ignore);
    },
    throwIfInterrupted() {
      if (first !== undefined) throw new InterruptedError(first, sentence(first));
    },
    dispose() {
      for (const signal of stopSignals) source.removeListener(signal, handle);
      listeners.clear();
    },
  };
}

function sentence(signal: StopSignal): string {
  return `Stopped by ${signalName(signal)}`;
}

function ignore(): void {}

/** Ctrl-C reaches a program twice when its parent, such as npm, passes it on. */
const samePressMilliseconds = 500;

const stopSignals: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
