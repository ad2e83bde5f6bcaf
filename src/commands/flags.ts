/** Options that every verb takes. A flag wins over its INFER_DEPLOY_* twin, that over the file. */
export interface GlobalFlags {
  readonly config: string | undefined;
  readonly environment: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** Name of the local region to work in; undefined works on AWS. */
  readonly sandbox: string | undefined;
  readonly yes: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
}
