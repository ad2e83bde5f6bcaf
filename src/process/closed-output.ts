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
 * A pipe without a reader answers writes with EPIPE, a closed terminal with EIO. Unhandled, that error would end this process with a stack
 * trace, in the middle of the clean-up that a hang-up asked for.
 */
export function tolerateClosing(stream: OutputStream): void {
  if (tolerated.has(stream)) return;
  tolerated.add(stream);
  stream.on("error", (error) => {
    if (error.code !== "EIO" && error.code !== "EPIPE") throw error;
    closed.add(stream);
  });
}

/** Whether the reader is known to have gone: the first write after that is how it is found out. */
export function isClosed(stream: OutputStream): boolean {
  return closed.has(stream);
}

const tolerated = new WeakSet<OutputStream>();
const closed = new WeakSet<OutputStream>();
