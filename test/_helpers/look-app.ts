import type { LogDocument } from "../../src/views/logs.ts";
import { startLoad } from "./load.ts";

/** Who has answered: test/look-app. */
export interface Identity {
  readonly version: string;
  /** When the container started. */
  readonly born: number;
}

export async function askLookApp(url: string, path: string): Promise<Identity> {
  const answer = await fetch(new URL(path, url), { signal: AbortSignal.timeout(30_000) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return (await answer.json()) as Identity;
}

/** Some of the requests take two seconds. */
export function startRequests(url: string) {
  const born = new Set<number>();
  let count = 0;
  const load = startLoad(async () => {
    count += 1;
    const identity = await askLookApp(url, count % 5 === 0 ? "/slow" : "/version");
    born.add(identity.born);
    return { status: 200, version: identity.version };
  }, 20);
  return { load, born };
}

/** The whole lines of `logs --json`. */
export function documents(text: string): readonly LogDocument[] {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LogDocument);
}

export function messages(lines: readonly LogDocument[]): readonly string[] {
  return lines.map(({ message }) => message);
}
