// SPDX-License-Identifier: Apache-2.0
// Whatever is killed on the nodes with SELinux and AppArmor, and whenever: daemon, selinuxd, or the program that
// changes the policy end by SIGKILL in the middle of installs, changes and deletions, and after every third kill all
// becomes as it is wanted, in the kernel too. KILL_SEED repeats a run, GUEST_KILL_ROUNDS makes it longer.
import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECURITY_MODULES } from '../../../tools/lab/guest/security-module.ts';
import { randomFrom } from '../../integration/kill-wishes.ts';
import { AppArmorWishes, SelinuxWishes } from './kill-wishes.ts';
import type { GuestWishes } from './kill-wishes.ts';
import { onGuests, SLOW } from './scene.ts';
import type { Guests } from './scene.ts';

const SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000_000);
/** Kills, half of them on each guest. */
const ROUNDS = Number(process.env['GUEST_KILL_ROUNDS'] ?? 6);
const NAMESPACE = 'guests-kills';

describe(`kills on nodes with SELinux and AppArmor (KILL_SEED=${String(SEED)})`, function () {
  this.timeout(600_000 + ROUNDS * 60_000);
  let guests: Guests;
  let wishes: readonly GuestWishes[];

  onGuests((ready) => {
    guests = ready;
    guests.cluster.namespace(NAMESPACE);
    wishes = [
      new AppArmorWishes(guests, NAMESPACE, randomFrom(SEED)),
      new SelinuxWishes(guests, NAMESPACE, randomFrom(SEED + 1)),
    ];
  });

  after(async () => {
    await guests.kubectl('delete', 'namespace', NAMESPACE, '--ignore-not-found', '--wait=false');
  });

  async function untilSettled(of: GuestWishes, where: string): Promise<void> {
    const end = Date.now() + SLOW * 1000;
    for (;;) {
      const amiss = await of.amiss().catch((error: unknown) => [String(error)]);
      if (amiss.length === 0) return;
      if (Date.now() > end) throw new Error(`seed ${String(SEED)}, ${where}: not as it is wanted: ${amiss.join('; ')}`);
      await sleep(1000);
    }
  }

  async function rounds(of: GuestWishes): Promise<void> {
    const killed: string[] = [];
    for (let round = 1; round <= ROUNDS / 2; round += 1) {
      await of.change();
      killed.push(await of.kill());
      // Several in a row, each in the middle of what the one before has left.
      if (round % 3 === 0 || round === ROUNDS / 2) await untilSettled(of, `round ${String(round)}, ${killed.join()}`);
    }
    expect(killed.filter((victim) => victim !== 'nobody')).to.have.length.greaterThan(ROUNDS / 4);
  }

  it('leave everything as it is wanted', async () => {
    await Promise.all(wishes.map(rounds));
  });

  it('leave nothing behind when nothing is wanted any more', async () => {
    await Promise.all(
      wishes.map(async (of) => {
        await of.clear();
        await untilSettled(of, 'the end');
        expect(await of.traces()).to.deep.equal([]);
      }),
    );
    expect(wishes).to.have.lengthOf(SECURITY_MODULES.length);
  });
});
