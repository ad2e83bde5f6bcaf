import type { Blob, ReferencedImage } from "./referenced-image.ts";
import type { Repository } from "./registry.ts";

/** How an image's bytes came into the repository. */
export interface Copied {
  /** Bytes that passed through this machine. */
  readonly passed: number;
  /** Bytes of what the registry took from another of its repositories by itself. */
  readonly mounted: number;
  /** Bytes of what was there already. */
  readonly present: number;
}

export interface CopyOptions {
  /** Both repositories are in the same registry, which may share what one of them has. */
  readonly canMount: boolean;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Bytes that are there, of how many. */
  readonly onBytes: (done: number, all: number) => void;
}

/**
 * Brings all parts of an image but its manifest from one repository into another: nothing where they are there already, by a mount within a
 * registry, and otherwise as a stream. A blob that fails is tried three times. Throws the last error.
 */
export async function copyBlobs(
  source: Repository,
  target: Repository,
  { blobs }: Pick<ReferencedImage, "blobs">,
  options: CopyOptions,
): Promise<Copied> {
  const copied = { passed: 0, mounted: 0, present: 0 };
  const all = blobs.reduce((sum, { size }) => sum + size, 0);
  const under = new Map<string, number>();
  const tell = (): void => {
    const settled = copied.passed + copied.mounted + copied.present;
    options.onBytes(
      [...under.values()].reduce((sum, one) => sum + one, settled),
      all,
    );
  };
  const queue = [...blobs];
  const work = async (): Promise<void> => {
    for (let blob = queue.shift(); blob !== undefined; blob = queue.shift()) {
      const { digest, size } = blob;
      const onChunk = (bytes: number): void => {
        under.set(digest, bytes);
        tell();
      };
      const way = await withRetries(options.sleep, async () =>
        copyBlob(source, target, { digest, size }, { canMount: options.canMount, onChunk }),
      );
      under.delete(digest);
      copied[way] += size;
      tell();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return copied;
}

async function copyBlob(
  source: Repository,
  target: Repository,
  { digest, size }: Blob,
  { canMount, onChunk }: { readonly canMount: boolean; readonly onChunk: (bytes: number) => void },
): Promise<keyof Copied> {
  const there = await target.ask(`blobs/${digest}`, { method: "HEAD" });
  if (there.ok) return "present";
  const from = canMount ? `?mount=${digest}&from=${encodeURIComponent(source.name)}` : "";
  const begun = await target.ask(`blobs/uploads/${from}`, { method: "POST" });
  await begun.body?.cancel();
  if (canMount && begun.status === 201) return "mounted";
  const upload = locationOf(begun, 202);
  const answer = await source.ask(`blobs/${digest}`);
  if (!answer.ok || answer.body === null) {
    await answer.body?.cancel();
    throw new CopyError(`${source.host} answered ${answer.status} for ${digest}`);
  }
  const patched = await target.ask(upload, {
    method: "PATCH",
    headers: { "content-type": "application/octet-stream" },
    body: counted(answer.body, size, onChunk),
  });
  await patched.body?.cancel();
  const last = locationOf(patched, 202);
  last.searchParams.set("digest", digest);
  const done = await target.ask(last, { method: "PUT", headers: { "content-length": "0" } });
  await done.body?.cancel();
  // The registry compares the content with the digest.
  if (!done.ok) throw new CopyError(`${target.host} answered ${done.status} for ${digest}`);
  return "passed";
}

/** A transfer that may succeed a second time. */
class CopyError extends Error {}

function locationOf(answer: Response, status: number): URL {
  const location = answer.headers.get("location");
  if (answer.status !== status || location === null) {
    throw new CopyError(`${new URL(answer.url).host} answered ${answer.status} to an upload`);
  }
  return new URL(location, answer.url);
}

/** A stream that is shorter or longer than it should be fails before the registry has to find that out. */
function counted(
  body: ReadableStream<Uint8Array>,
  size: number,
  onChunk: (bytes: number) => void,
): ReadableStream<Uint8Array> {
  let bytes = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        bytes += chunk.byteLength;
        onChunk(bytes);
        controller.enqueue(chunk);
      },
      flush: (controller) => {
        if (bytes !== size) {
          controller.error(new CopyError(`${bytes} of ${size} bytes came`));
        }
      },
    }),
  );
}

async function withRetries<T>(sleep: CopyOptions["sleep"], work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      // fetch throws a TypeError when a connection breaks.
      const mayPass = error instanceof CopyError || error instanceof TypeError;
      if (!mayPass || tried === mostTries) throw error;
      await sleep(pause * tried);
    }
  }
}

/** As docker does. */
const atOnce = 4;
const mostTries = 3;
const pause = 2000;
