// SPDX-License-Identifier: Apache-2.0
import { realpathSync } from 'node:fs';
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { changeHostPolicy, findProgram } from '../../src/io/host-policy.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const ABSTRACT = { filesystem: { readOnlyPaths: ['/etc/hosts'] } };

function object(spec: object): string {
  return JSON.stringify({ kind: 'AppArmorProfile', metadata: { name: 'web' }, spec });
}

async function spoc(args: readonly string[], spec: object = { abstract: ABSTRACT }) {
  const terminal = new FakeTerminal();
  const machine = new FakeMachine();
  machine.programs.set('web', '/usr/bin/web');
  terminal.stored.set('/a', object(spec));
  const end = await runCommandLine(args, machine, terminal).catch(String);
  return { end, machine, logged: terminal.logged.join('\n') };
}

const SUCCESS = { type: 'status', status: 0 };

describe('spoc install and remove', () => {
  it('loads the profile for the program that PATH leads to', async () => {
    const { end, machine, logged } = await spoc(['install', '/a']);
    expect(end).to.deep.equal(SUCCESS);
    expect(machine.policies).to.have.length(1);
    expect(machine.policies[0]?.action).to.equal('replace');
    expect(machine.policies[0]?.text).to.contain('profile "/usr/bin/web" flags=').and.contain('"/etc/hosts" r,');
    expect(logged).to.match(/Installed the AppArmor profile \/usr\/bin\/web/);
  });

  it('removes that of the program that is named', async () => {
    const { end, machine } = await spoc(['rm', '/a', '/opt/web']);
    expect(end).to.deep.equal(SUCCESS);
    expect(machine.policies[0]?.action).to.equal('remove');
    expect(machine.policies[0]?.text).to.contain('profile "/opt/web" flags=');
  });

  it('takes a policy that is named for the program or the object', async () => {
    for (const name of ['/usr/bin/web', 'web /usr/bin/web']) {
      const { end } = await spoc(['i', '/a'], { policy: `profile ${name} { }` });
      expect(end, name).to.deep.equal(SUCCESS);
    }
    expect((await spoc(['i', '/a'], { policy: 'profile x { }' })).end).to.match(/named x, but must be named .*: web/);
  });

  it('says which program it does not find', async () => {
    expect((await spoc(['install', '/a', 'nope'])).end).to.match(/no program nope is in PATH/);
    expect((await spoc(['install', '/a', './web'])).end).to.match(/by its absolute path/);
  });
});

describe('the policy of this machine', () => {
  it('finds programs by PATH', async () => {
    expect(await findProgram('sh', '/nope:/bin')).to.equal(realpathSync('/bin/sh'));
    expect(await findProgram('/bin/sh', undefined)).to.equal(realpathSync('/bin/sh'));
    expect(await findProgram('sh', 'bin:/nope')).to.equal(undefined);
    expect(await findProgram('sh', undefined)).to.equal(undefined);
  });

  it('says what the machine lacks, or what the parser says', async () => {
    const refused = await changeHostPolicy('profile {', 'replace').catch(String);
    expect(refused).to.match(
      /^Error: (this kernel has no AppArmor|there is no apparmor_parser|apparmor_parser refuses it)/,
    );
  });
});
