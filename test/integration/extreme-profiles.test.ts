// SPDX-License-Identifier: Apache-2.0
// Profiles at and beyond the limits: each gets its file or a sentence that names field and reason, nothing ends a
// process, and ordinary profiles are installed meanwhile.
import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseJson } from '../../src/core/json.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import { syscallName, syscallNumbers } from '../../src/core/seccomp/syscalls.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, Installation, profilesPath, startBareControlPlane } from '../../tools/lab/operator.ts';

/** As long as a namespace may be: a DNS label. */
const NAMESPACE = `extremes-${'x'.repeat(54)}`;
const NODE = 'node-a';
const KIND = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };

describe('a profile at its limits', function () {
  this.timeout(300_000);
  let plane: ControlPlane;
  let installation: Installation;
  let operator: string;

  before(async () => {
    plane = await startBareControlPlane();
    await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
    installation = await Installation.start(plane, { nodes: [NODE] });
    operator = path.join(installation.nodes[0]?.kubeletDir ?? '', 'seccomp/operator');
  });

  after(async () => {
    await installation.stop();
    await plane.stop();
  });

  afterEach('nothing has died, and ordinary profiles are installed', async () => {
    expect(installation.roles.flatMap(({ deaths }) => deaths)).to.deep.equal([]);
    await put('ordinary', { defaultAction: 'SCMP_ACT_LOG' });
    await settled('ordinary', 'Installed');
    await plane.admin.request('DELETE', `${profilesPath(NAMESPACE)}/ordinary`);
    await until(
      async () => (await get('ordinary')) === undefined,
      120,
      () => 'the ordinary profile stays',
    );
  });

  const calls = syscallNumbers('SCMP_ARCH_X86_64').map((number) => syscallName('SCMP_ARCH_X86_64', number) ?? 'read');

  async function put(name: string, spec: object): Promise<void> {
    await create(plane, profilesPath(NAMESPACE), { ...KIND, metadata: { name }, spec });
  }

  async function get(name: string): Promise<SeccompProfile | undefined> {
    const { status, body } = await plane.admin.request('GET', `${profilesPath(NAMESPACE)}/${name}`);
    return status === 200 ? (body as SeccompProfile) : undefined;
  }

  /** The message of the condition Ready, once the profile has the state. */
  async function settled(name: string, state: string): Promise<string> {
    let seen: SeccompProfile['status'];
    await until(
      async () => (seen = (await get(name))?.status)?.status === state,
      120,
      () => `${name} is not ${state}: ${JSON.stringify(seen).slice(0, 2000)}`,
    );
    return seen?.conditions?.find(({ type }) => type === 'Ready')?.message ?? '';
  }

  async function refusal(metadata: object, spec: object): Promise<string> {
    const { status, body } = await plane.admin.request('POST', profilesPath(NAMESPACE), { ...KIND, metadata, spec });
    expect(status).to.equal(422);
    return (body as { readonly message: string }).message;
  }

  const fileOf = (name: string): string => path.join(operator, NAMESPACE, `${name}.json`);

  function rulesIn(name: string): readonly unknown[] {
    return (parseJson(readFileSync(fileOf(name), 'utf8')) as { readonly syscalls: readonly unknown[] }).syscalls;
  }

  it('has 1 MB, and is installed whole', async () => {
    const rule = (index: number): object => ({
      action: 'SCMP_ACT_ALLOW',
      names: calls.slice(0, 40),
      args: [{ index: 0, op: 'SCMP_CMP_EQ', value: index % 50 }],
    });
    const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: Array.from({ length: 2250 }, (_, index) => rule(index)) };
    expect(JSON.stringify(spec).length).to.be.greaterThan(1_000_000);
    await put('large', spec);
    await settled('large', 'Installed');
    expect(rulesIn('large')).to.have.length(2250);
  });

  it('has 1,900 rules, and is installed whole, also on a base of as many; no kernel takes the filter of 5,000', async () => {
    const rules = (name: string, from: number, count = 1900) =>
      Array.from({ length: count }, (_, index) => ({
        action: 'SCMP_ACT_ALLOW',
        names: [name],
        args: [{ index: 1, op: 'SCMP_CMP_EQ', value: from + index }],
      }));
    await put('many-base', { defaultAction: 'SCMP_ACT_ERRNO', syscalls: rules('ioctl', 0) });
    const syscalls = rules('fcntl', 1900);
    await put('many', { defaultAction: 'SCMP_ACT_ERRNO', baseProfileName: 'many-base', syscalls });
    await settled('many-base', 'Installed');
    await settled('many', 'Installed');
    expect([rulesIn('many-base').length, rulesIn('many').length]).to.deep.equal([1900, 3800]);
    await put('too-many', { defaultAction: 'SCMP_ACT_ERRNO', syscalls: rules('ioctl', 0, 5000) });
    expect(await settled('too-many', 'Error')).to.match(/the filter needs at least 5\d+ instructions .* takes 4096/);
    expect(existsSync(fileOf('too-many'))).to.equal(false);
  });

  it('has 5,000 rules of two actions for one call: it is installed with warnings, also on a base, in no time', async () => {
    const syscalls = Array.from({ length: 5000 }, (_, index) => ({
      action: index % 2 === 0 ? 'SCMP_ACT_ALLOW' : 'SCMP_ACT_LOG',
      names: ['ioctl'],
      args: [
        { index: 0, op: index % 2 === 0 ? 'SCMP_CMP_LT' : 'SCMP_CMP_GT', value: '0x5555555555555555' },
        { index: 1, op: 'SCMP_CMP_LE', value: index },
      ],
    }));
    await put('alternating', { defaultAction: 'SCMP_ACT_ERRNO', syscalls });
    const doubtful = /the filter may need \d+ instructions.*too many rules to compare/;
    expect(await settled('alternating', 'Installed')).to.match(doubtful);
    await put('below', { defaultAction: 'SCMP_ACT_LOG' });
    await put('alternating-on-base', { defaultAction: 'SCMP_ACT_ERRNO', baseProfileName: 'below', syscalls });
    expect(await settled('alternating-on-base', 'Installed')).to.match(doubtful);
  });

  it('has the longest name that Kubernetes takes, in the longest namespace, and a file that Linux takes', async () => {
    const name = ['a', 'b', 'c'].map((letter) => letter.repeat(63)).join('.') + `.${'d'.repeat(61)}`;
    expect(name).to.have.length(253);
    await put(name, { defaultAction: 'SCMP_ACT_LOG' });
    await settled(name, 'Installed');
    const { status, metadata } = (await get(name)) ?? {};
    const localhost = status?.localhostProfile ?? '';
    expect(existsSync(path.join(operator, '..', localhost)), localhost).to.equal(true);
    expect(path.basename(localhost).length).to.be.at.most(255);
    for (const value of Object.values(metadata?.labels ?? {})) expect(value.length).to.be.at.most(63);
    await plane.admin.request('DELETE', `${profilesPath(NAMESPACE)}/${name}`);
    await until(
      async () => (await get(name)) === undefined,
      120,
      () => 'the deletion does not end',
    );
    expect(existsSync(path.join(operator, '..', localhost))).to.equal(false);
  });

  it('names a path instead of a base: it is refused, or never found, and nothing outside is read or written', async () => {
    const before = readdirSync(path.join(operator, '..'));
    for (const [name, base] of [
      ['up', '../../../etc/passwd'],
      ['absolute', '/etc/passwd'],
      ['scheme', 'oci://../../x'],
    ] as const) {
      const spec = { defaultAction: 'SCMP_ACT_ERRNO', baseProfileName: base };
      const { status, body } = await plane.admin.request('POST', profilesPath(NAMESPACE), {
        ...KIND,
        metadata: { name },
        spec,
      });
      if (status === 422) expect(JSON.stringify(body)).to.include('spec.baseProfileName');
      else expect(await settled(name, base.startsWith('oci:') ? 'Error' : 'Pending')).to.include(base);
      expect(existsSync(fileOf(name))).to.equal(false);
    }
    expect(readdirSync(path.join(operator, '..'))).to.deep.equal(before);
  });

  it('has a name that leads elsewhere: the API server refuses it', async () => {
    for (const name of ['..', '../x', 'a/b', 'a..b', 'A', 'x'.repeat(254)]) {
      expect(await refusal({ name }, { defaultAction: 'SCMP_ACT_LOG' })).to.include('metadata.name');
    }
  });

  it('listens outside of the operator’s directory: the API server refuses it and names the field', async () => {
    const folder = '/var/run/security-profiles-operator';
    for (const listenerPath of ['/etc/x.sock', `${folder}/../../x.sock`, `${folder}/..`, `${folder}x.sock`, folder]) {
      const spec = { defaultAction: 'SCMP_ACT_ERRNO', listenerPath };
      expect(await refusal({ name: 'listener' }, spec), listenerPath).to.include('spec.listenerPath');
    }
    await put('listener', { defaultAction: 'SCMP_ACT_ERRNO', listenerPath: `${folder}/agent.sock` });
    await settled('listener', 'Installed');
  });

  it('has values beyond 64 bits, too many arguments or unknown words: the API server names every field', async () => {
    const rule = (args: readonly object[]): object => ({
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['read'], args }],
    });
    const arg = { index: 0, op: 'SCMP_CMP_EQ', value: 1 };
    const value = '18446744073709551616';
    expect(await refusal({ name: 'big' }, rule([{ ...arg, value }]))).to.include('spec.syscalls[0].args[0].value');
    expect(await refusal({ name: 'seven' }, rule(Array(7).fill(arg)))).to.include('spec.syscalls[0].args');
    expect(await refusal({ name: 'index' }, rule([{ ...arg, index: 6 }]))).to.include('spec.syscalls[0].args[0].index');
    expect(await refusal({ name: 'action' }, { defaultAction: 'allow' })).to.include('spec.defaultAction');
  });

  it('names calls that no Linux has, in any script, or contradicts itself: its condition names them', async () => {
    const rule = (...names: string[]): object => ({
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ action: 'SCMP_ACT_ALLOW', names }],
    });
    await put('misspelt', rule('opne', 'read'));
    expect(await settled('misspelt', 'Error')).to.include('no Linux system call has the name opne');
    const args = [{ index: 0, op: 'SCMP_CMP_EQ', value: 1 }];
    const syscalls = ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG'].map((action) => ({ action, names: ['ioctl'], args }));
    await put('torn', { defaultAction: 'SCMP_ACT_ERRNO', syscalls });
    expect(await settled('torn', 'Error')).to.include('syscalls[1]: SCMP_ACT_LOG for ioctl');
    await put('unicode', rule('réad\u202e'));
    expect(await settled('unicode', 'Error')).to.include('syscalls[0].names[0]');
    for (const name of ['misspelt', 'torn', 'unicode']) expect(existsSync(fileOf(name)), name).to.equal(false);
  });
});
