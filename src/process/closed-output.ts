/** The part of an output stream that is needed, so that a test can be one. */
export interface OutputStream {
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
  write(text: string): unknown;
}

/** Writes to a stream whose reader may go away: this is not an error, and later output is dropped. */
export function writeTo(stream: OutputStream, text: string): void {
  tolerateClosing(stream);
  if (!isClosed(stream)) stream.write(text);
}

/**
 * A pipe without a reader answers writes with EPIPE, a closed terminal with EIO, a file on a full disk with ENOSPC. Unhandled, that error
 * would end this process with a stack trace, in the middle of a release or of the clean-up that a hang-up asked for.
 */
export function tolerateClosing(stream: OutputStream): void {
  if (tolerated.has(stream)) return;
  tolerated.add(stream);
  stream.on("error", (error) => {
    closed.add(stream);
    if (error.code !== "EIO" && error.code !== "EPIPE") failures.set(stream, error);
  });
}

/** Whether the reader is known to have gone: the first write after that is how it is found out. */
export function isClosed(stream: OutputStream): boolean {
  return closed.has(stream);
}

/** Why output was lost although its reader is still there; undefined when none was. Known one turn of the event loop after the write. */
export function outputFailure(stream: OutputStream): Error | undefined {
  return failures.get(stream);
}

const failures = new WeakMap<OutputStream, Error>();
const tolerated = new WeakSet<OutputStream>();
const closed = new WeakSet<OutputStream>();
