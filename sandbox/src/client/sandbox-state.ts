/** What one local region is made of; state.json in the sandbox's state folder. */
export interface SandboxState {
  readonly schema_version: 1;
  readonly name: string;
  readonly account: string;
  /** The emulator on loopback: http://127.0.0.1:PORT */
  readonly endpoint: string;
  /** The registry on loopback, HOST:PORT, where the host's Docker engine pushes. */
  readonly registry: string;
  readonly balancer: {
    /** HAProxy's runtime API on loopback. */
    readonly runtimePort: number;
    /** Loopback ports that emulated load balancers may take, one for each listener. */
    readonly listenerPorts: readonly number[];
  };
  readonly network: { readonly name: string; readonly subnet: string; readonly gateway: string };
  readonly images: SandboxImages;
  /** The AWS regions that the controller looks after; `startSandbox` adds the one it is asked for. */
  readonly regions: readonly string[];
  readonly controllerPid: number | null;
}

export interface SandboxImages {
  readonly region: string;
  readonly instance: string;
}
