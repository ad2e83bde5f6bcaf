import type { EngineVersion } from "./engine-versions.ts";

/** The parts of one sandbox: state.json in its state folder. */
export interface SandboxState {
  readonly schema_version: 2;
  readonly name: string;
  readonly account: string;
  /** The access key id of every program that may give orders to this region. */
  readonly key: string;
  /** The registry's login; GetAuthorizationToken hands it out. */
  readonly registryPassword: string;
  /** The emulator on loopback: http://127.0.0.1:PORT */
  readonly endpoint: string;
  /** The registry on loopback, HOST:PORT, to which this machine's Docker engine pushes. */
  readonly registry: string;
  readonly balancer: {
    /** HAProxy's runtime API on loopback; it wants the key. */
    readonly runtimePort: number;
    /** Loopback ports for the listeners of emulated load balancers, one each. */
    readonly listenerPorts: readonly number[];
  };
  readonly network: { readonly name: string; readonly subnet: string; readonly gateway: string };
  readonly images: SandboxImages;
  /** The version of the Docker engine in new instances. */
  readonly engine: EngineVersion;
  /** The AWS regions that the controller manages; `startSandbox` adds the requested one. */
  readonly regions: readonly string[];
  readonly controllerPid: number | null;
}

export interface SandboxImages {
  readonly region: string;
  readonly instance: string;
}
