// SPDX-License-Identifier: Apache-2.0
// AppArmor profiles come and go in a kernel while everything that brings them there is killed at random. Only where
// KILL_ROUNDS says how often: each round takes an emulated processor ten seconds. KILL_SEED repeats a run.
import path from 'node:path';
import { expect } from 'chai';
import { shellCommand, shellWord } from '../../../tools/lab/guest/answer.ts';
import { runInGuest } from '../../../tools/lab/guest/run.ts';
import { fixture, nativeProgram } from '../fixtures.ts';

const SEED = process.env['KILL_SEED'] ?? String(Date.now() % 1_000_000_000);
/** Without it there is no test: one that is skipped would count as one that this machine cannot run. */
const ROUNDS = process.env['KILL_ROUNDS'];
const FOLDER = '/run/kills';

describe(`AppArmor profiles through kills (KILL_SEED=${SEED})`, function () {
  this.timeout(2_700_000);

  if (ROUNDS === undefined) return;

  it('are those that are wanted, by the texts of the last wish', async () => {
    const program = path.join(import.meta.dirname, 'apparmor-kills.ts');
    const programs = {
      LOADER: nativeProgram('apparmor_loader'),
      BOUNDED: nativeProgram('bounded'),
      KILL_PROCESS: fixture('kill_process'),
    };
    const env = Object.entries(programs)
      .map(([name, file]) => `${name}=${shellWord(file)}`)
      .join(' ');
    const command = shellCommand([process.execPath, program, SEED, ROUNDS, FOLDER]);
    const { status, stdout, stderr } = await runInGuest({
      module: 'apparmor',
      command: ['sh', '-c', `mkdir ${FOLDER} && mount -t tmpfs kills ${FOLDER} && ${env} ${command}`],
      cwd: import.meta.dirname,
      timeoutSeconds: 2400,
    });
    expect(status, stderr).to.equal(0);
    console.log(`      ${stdout.trim()}`);
    const killed = Object.values(JSON.parse(stdout) as Readonly<Record<string, number>>);
    expect(killed.reduce((sum, one) => sum + one, 0)).to.be.greaterThan(0);
  });
});
