// SPDX-License-Identifier: Apache-2.0
// Whatever is killed, and whenever: two hundred times a daemon, the manager or the API server ends by SIGKILL in the
// middle of installs, changes and deletions, and after every fourth all becomes as it is wanted. No half-written file,
// no lost deletion, no stuck profile. KILL_SEED repeats a run, KILL_ROUNDS makes it longer.
import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LIMIT_FILE } from '../../src/core/names.ts';
import { readKernel } from '../../src/io/node-kernel.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { randomFrom, Wishes } from './kill-wishes.ts';
import { create, Installation, startBareControlPlane } from '../../tools/lab/operator.ts';

const SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000_000);
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 200);
const NAMESPACE = 'kill-rounds';
/**
 * How long all may take to become as it is wanted: a reflector that was refused waits up to 30 s before it asks again.
 */
const SETTLE_MS = 240_000;

describe(`two hundred kills (KILL_SEED=${String(SEED)})`, function () {
  this.timeout(1_800_000);
  const random = randomFrom(SEED);
  let plane: ControlPlane;
  let installation: Installation;
  let wishes: Wishes;

  before(async () => {
    plane = await startBareControlPlane();
    await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
    installation = await Installation.start(plane, { nodes: ['node-a', 'node-b', 'node-c'] });
    wishes = new Wishes(installation, NAMESPACE, await readKernel(), random);
  });

  after(async () => {
    await installation.stop();
    await plane.stop();
  });

  async function untilSettled(what: string): Promise<void> {
    const end = performance.now() + SETTLE_MS;
    for (;;) {
      const amiss = await wishes.amiss().catch((error: unknown) => [String(error)]);
      if (amiss.length === 0) return;
      if (performance.now() > end) {
        throw new Error(`seed ${String(SEED)}, ${what}: not as it is wanted: ${amiss.join('; ')}`);
      }
      await sleep(20);
    }
  }

  /** Kills somebody and starts it again; who it was. `onDeath` is called at the moment of the death. */
  async function killSomebody(onDeath: () => void): Promise<string> {
    const dice = random();
    if (dice < 0.08) {
      await plane.stopApiServer();
      onDeath();
      await sleep(random() * 300);
      await plane.startApiServer();
      return 'the API server';
    }
    const { manager, nodes } = installation;
    const victim = dice < 0.35 ? manager : nodes[Math.floor(random() * nodes.length)]?.daemon;
    if (victim === undefined) throw new Error('there is no such node');
    await victim.end('SIGKILL');
    onDeath();
    await sleep(random() * 200);
    await victim.start();
    return victim.name;
  }

  it('leave everything as it is wanted', async () => {
    let inTheMiddle = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const changed = wishes.change();
      await sleep(random() * 50);
      let torn: readonly string[] = [];
      const victim = await killSomebody(() => {
        if (wishes.open > 0 || wishes.filesAmiss().length > 0) inTheMiddle += 1;
        torn = wishes.filesTorn();
      });
      const where = `round ${String(round)}, ${victim}`;
      expect(torn, `seed ${String(SEED)}, ${where}: half-written`).to.deep.equal([]);
      await changed;
      // Several in a row, each in the middle of what the one before has left.
      if (round % 4 === 0) await untilSettled(where);
    }
    expect(inTheMiddle, 'kills while something was under way').to.be.greaterThan(ROUNDS / 3);
    expect(installation.roles.flatMap(({ deaths }) => deaths)).to.deep.equal([]);
  });

  it('leave nothing behind when nothing is wanted any more, and no part that cannot end in order', async () => {
    await wishes.clear();
    await untilSettled('the end');
    const left = installation.nodes.flatMap(({ kubeletDir }) =>
      readdirSync(path.join(kubeletDir, 'seccomp/operator'), { recursive: true, encoding: 'utf8' }),
    );
    // The limit that stands outlives every profile.
    expect(left.filter((file) => file !== LIMIT_FILE)).to.deep.equal([]);
    const ends = await installation.stop();
    expect(new Set(Object.values(ends))).to.deep.equal(new Set(['status 0']));
  });
});
