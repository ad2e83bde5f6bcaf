import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { imageName } from "../../sandbox/src/lifecycle/images.ts";

/** A registry on this machine next to the rehearsal's: Debian's docker-registry. */
export interface SecondRegistry {
  /** HOST:PORT */
  readonly address: string;
  /** Pushes an image of this machine's engine under a name, and leaves nothing of the name in the engine. `env`: with whose login. */
  readonly push: (name: string, of: string, env?: NodeJS.ProcessEnv) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** `password`: of the user `ada`, who alone may read and write; left out, everyone may. */
export async function startSecondRegistry(password?: string): Promise<SecondRegistry> {
  const image = await imageName("region");
  const run = ["run", "--detach", "--rm", "--publish", "127.0.0.1::5000", "--entrypoint", "sh"];
  const auth = password === undefined ? "" : "auth: {htpasswd: {realm: second, path: /tmp/users}}";
  const users = `perl -e 'print "ada:", crypt($ENV{PASSWORD}, q($2b$04$abcdefghijklmnopqrstuv)), "\\n"' >/tmp/users`;
  const script = `${users}; printf 'version: 0.1\\nstorage: {filesystem: {rootdirectory: /tmp/hub}}\\n${auth}\\nhttp: {addr: ":5000"}\\n' >/tmp/hub.yml; exec docker-registry serve /tmp/hub.yml`;
  const env = { PASSWORD: password ?? "" };
  const { stdout: id } = await execa("docker", [...run, "--env", "PASSWORD", image, "-c", script], {
    env,
  });
  const address = (await execa("docker", ["port", id, "5000"])).stdout.split("\n")[0] ?? "";
  await untilItWorks(async () => fetch(`http://${address}/v2/`));
  return {
    address,
    push: async (name, of, login) => pushAs(`${address}/${name}`, of, login),
    stop: async () => {
      await execa("docker", ["rm", "--force", "--volumes", id]);
    },
  };
}

/** Under a whole name. */
export async function pushAs(name: string, of: string, env?: NodeJS.ProcessEnv): Promise<void> {
  await execa("docker", ["tag", of, name]);
  await execa("docker", ["push", "--quiet", name], { ...(env === undefined ? {} : { env }) });
  await execa("docker", ["rmi", "--no-prune", name]);
}

export async function untilItWorks(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 60; ; tries -= 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (tries === 0) throw error;
      await sleep(500);
    }
  }
}
