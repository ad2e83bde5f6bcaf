import { CommandError, exitCodes } from "../errors/command-error.ts";

interface Streams {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/**
 * What is piped into standard input, or the line that a person types without seeing it; undefined when the input ends before.
 * Throws CommandError (64) when standard input is a terminal without a person, and the reason of `aborted`.
 */
export async function readSecretInput(
  { input, output }: Streams,
  question: string,
  {
    isAsked,
    interrupt,
    aborted,
    most,
  }: {
    /** Whether a person is there to answer. */
    readonly isAsked: boolean;
    /** What Ctrl-C does: the terminal sends no signal meanwhile. */
    readonly interrupt: () => void;
    readonly aborted: AbortSignal;
    /** Bytes after which reading ends. */
    readonly most: number;
  },
): Promise<Uint8Array | undefined> {
  if (!input.isTTY) return readAll(input, most);
  if (!isAsked) {
    throw new CommandError("The value needs to come from standard input, which is a terminal.", {
      exitCode: exitCodes.usage,
      next: "pipe it in, as in: infer-deploy secrets set NAME <FILE",
    });
  }
  aborted.throwIfAborted();
  // First, so that not even a fast paste is shown.
  input.setRawMode(true);
  try {
    output.write(question);
    return await readLine(input, interrupt, aborted);
  } finally {
    input.setRawMode(false);
    input.pause();
    output.write("\n");
  }
}

async function readAll(input: NodeJS.ReadStream, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input) {
    chunks.push(chunk as Uint8Array);
    length += (chunk as Uint8Array).length;
    if (length > most) break;
  }
  return Buffer.concat(chunks);
}

/** The terminal passes on every key as it is. */
async function readLine(
  input: NodeJS.ReadStream,
  interrupt: () => void,
  aborted: AbortSignal,
): Promise<Uint8Array | undefined> {
  const keys: string[] = [];
  let listen: (chunk: Buffer) => void = () => undefined;
  let give: (line: Uint8Array | undefined) => void = () => undefined;
  let fail: (reason: unknown) => void = () => undefined;
  const line = new Promise<Uint8Array | undefined>((resolve, reject) => {
    give = resolve;
    fail = reject;
  });
  const abort = (): void => {
    fail(aborted.reason);
  };
  // A closed terminal's signal comes a moment after its last read.
  const end = (): void => {
    setTimeout(give, hangUpMilliseconds, undefined);
  };
  listen = (chunk) => {
    for (const key of chunk.toString("utf8")) {
      if (key === "\r" || key === "\n") give(Buffer.from(keys.join("")));
      else if (key === "\u0003") interrupt();
      else if (key === "\u0004") give(undefined);
      else if (key === "\u007f" || key === "\b") keys.pop();
      else keys.push(key);
    }
  };
  input.on("data", listen).once("end", end).once("error", end);
  aborted.addEventListener("abort", abort, { once: true });
  try {
    return await line;
  } finally {
    input.off("data", listen).off("end", end).off("error", end);
    aborted.removeEventListener("abort", abort);
  }
}

const hangUpMilliseconds = 100;
