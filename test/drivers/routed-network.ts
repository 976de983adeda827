import { spawnSync } from 'node:child_process';

let networks = 0;

function ip(...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync('ip', args, { encoding: 'utf8', timeout: 20_000 });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
}

/**
 * A network of its own behind a router, both in network namespaces: what is between the router and the camera can be
 * cut while the link of this machine stays up, as when a cable is pulled somewhere in a house.
 */
export class RoutedNetwork {
  /** Where programs run that are to be behind the router: name of a network namespace. */
  readonly camera: string;
  /** The address of the camera, as this machine reaches it. */
  readonly address: string;
  readonly #router: string;
  readonly #towardsCamera: string;

  private constructor() {
    const tag = `${process.pid.toString(36)}${(networks++).toString(36)}`;
    this.#router = `ivis-test-router-${tag}`;
    this.camera = `ivis-test-camera-${tag}`;
    this.#towardsCamera = `ivb${tag}`;
    // 198.18.0.0/15 is for tests of networks: nobody has it.
    const net = `198.${18 + (networks % 2)}.${process.pid % 256}`;
    this.address = `${net}.6`;
  }

  /** Throws when this machine lets nobody make one. */
  static open(): RoutedNetwork {
    const network = new RoutedNetwork();
    try {
      network.#open();
      return network;
    } catch (thrown) {
      network.close();
      throw thrown;
    }
  }

  #open(): void {
    const [router, camera, towards] = [this.#router, this.camera, this.#towardsCamera];
    const net = this.address.slice(0, -2);
    const tag = towards.slice(3);
    const [own, other, end] = [`iva${tag}`, `ivr${tag}`, `ivc${tag}`];
    ip('netns', 'add', router);
    ip('netns', 'add', camera);
    ip('link', 'add', own, 'type', 'veth', 'peer', 'name', other, 'netns', router);
    ip('-n', router, 'link', 'add', towards, 'type', 'veth', 'peer', 'name', end, 'netns', camera);
    ip('addr', 'add', `${net}.1/30`, 'dev', own);
    ip('-n', router, 'addr', 'add', `${net}.2/30`, 'dev', other);
    ip('-n', router, 'addr', 'add', `${net}.5/30`, 'dev', towards);
    ip('-n', camera, 'addr', 'add', `${net}.6/30`, 'dev', end);
    ip('link', 'set', own, 'up');
    ip('-n', router, 'link', 'set', other, 'up');
    ip('-n', router, 'link', 'set', towards, 'up');
    ip('-n', camera, 'link', 'set', end, 'up');
    ip('-n', camera, 'link', 'set', 'lo', 'up');
    ip('-n', camera, 'route', 'add', 'default', 'via', `${net}.5`);
    ip('route', 'add', `${net}.4/30`, 'via', `${net}.2`);
    ip('netns', 'exec', router, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
  }

  /** Between the router and the camera. */
  cut(): void {
    ip('-n', this.#router, 'link', 'set', this.#towardsCamera, 'down');
  }

  mend(): void {
    ip('-n', this.#router, 'link', 'set', this.#towardsCamera, 'up');
  }

  /** Its links go with the namespaces; what was not made is not missed. */
  close(): void {
    for (const name of [this.#router, this.camera]) spawnSync('ip', ['netns', 'del', name]);
  }
}

/** Why there can be no such network here; null when there can. */
export function routedNetworkMissing(): string | null {
  try {
    RoutedNetwork.open().close();
    return null;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return `network namespaces need root and iproute2: ${why}`;
  }
}
