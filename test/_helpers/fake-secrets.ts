import type { StoredSecret } from "../../src/aws/secrets/list-secrets.ts";
import type { Secrets } from "../../src/release/parts.ts";

/** A stack's secrets that keep their versions. A secret that is made again gets another ARN. */
export class FakeSecrets implements Secrets {
  /** How often Secrets Manager was asked. */
  asked = 0;
  private made = 0;
  private readonly stored = new Map<string, { readonly arn: string; readonly ids: string[] }>();

  /** Gives it a new version, whose id is its name and a number. */
  set(name: string): this {
    const found = this.stored.get(name);
    this.made += found === undefined ? 1 : 0;
    const { arn, ids } = found ?? { arn: `arn:secret:${name}-${this.made}`, ids: [] };
    this.stored.set(name, { arn, ids: [...ids, `${name}-${ids.length + 1}`] });
    return this;
  }

  remove(name: string): this {
    this.stored.delete(name);
    return this;
  }

  readonly list = async (): Promise<readonly StoredSecret[]> => {
    this.asked += 1;
    return [...this.stored].map(([name, { arn, ids }]) => ({
      name,
      arn,
      version: ids.at(-1) ?? null,
      previous: ids.at(-2) ?? null,
      changed: "2026-01-01T00:00:00.000Z",
      isLeaving: false,
    }));
  };

  readonly versions = async (arn: string): Promise<readonly string[]> => {
    this.asked += 1;
    return [...this.stored.values()].find((one) => one.arn === arn)?.ids ?? [];
  };
}
