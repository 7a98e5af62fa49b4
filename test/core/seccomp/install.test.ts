// SPDX-License-Identifier: Apache-2.0
// From an object to the text of its file, or to the reason why there is none.
import { expect } from 'chai';
import type { SeccompProfile, SeccompProfileSpec } from '../../../src/gen/crd/seccomp-profile.ts';
import { Rejected } from '../../../src/core/errors.ts';
import { inactiveStateOf } from '../../../src/core/status/inactive.ts';
import type { OciProfile } from '../../../src/core/seccomp/render.ts';
import { prepare, stack, syscallsAnnotation } from '../../../src/core/seccomp/install.ts';

const kernel = {
  release: '6.1.0',
  machine: 'x86_64',
  actions: ['kill_process', 'kill_thread', 'trap', 'errno', 'trace', 'log', 'allow'],
};

const profile = (name: string, spec: Partial<SeccompProfileSpec> = {}, labels = {}): SeccompProfile => ({
  apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
  kind: 'SeccompProfile',
  metadata: { name, namespace: 'ns', labels },
  spec: { defaultAction: 'SCMP_ACT_ERRNO', ...spec },
});

const nothing = () => undefined;
const rule = (...names: string[]) => ({ syscalls: [{ action: 'SCMP_ACT_ALLOW', names }] }) as const;

function rejection(action: () => unknown): Rejected {
  try {
    action();
  } catch (error) {
    if (error instanceof Rejected) return error;
    throw error;
  }
  throw new Error('nothing was rejected');
}

describe('core/seccomp/install', () => {
  it('renders what a runtime reads, and nothing of the object', () => {
    const { text, bases } = prepare(profile('a', { ...rule('read'), disabled: false }), nothing, {}, kernel);
    expect(JSON.parse(text)).to.deep.equal({
      defaultAction: 'SCMP_ACT_ERRNO',
      architectures: ['SCMP_ARCH_X86_64'],
      syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW' }],
    });
    expect(bases).to.deep.equal([]);
  });

  it('says of a profile that nothing can run under it, on machines where that is so', () => {
    const warningsOf = (spec: Partial<SeccompProfileSpec>, machine: string) =>
      prepare(profile('a', spec), nothing, {}, { ...kernel, machine }).warnings;
    const warning = 'it permits no system call at all on x86_64, so no container can start under it';
    expect(warningsOf({}, 'x86_64')).to.deep.equal([warning]);
    expect(warningsOf(rule('cacheflush'), 'x86_64')).to.deep.equal([warning]);
    expect(warningsOf(rule('open', 'execve', 'exit_group'), 'x86_64')).to.deep.equal([]);
    expect(warningsOf(rule('open'), 'aarch64')).to.deep.equal([warning.replace('x86_64', 'aarch64')]);
    expect(warningsOf(rule('open'), 'riscv64'), 'a machine without a table').to.deep.equal([]);
  });

  it('refuses a name that no kernel has, and takes those of other architectures', () => {
    const why = rejection(() => prepare(profile('a', rule('opne', 'read')), nothing, {}, kernel));
    expect(why.reason).to.equal('InvalidSeccompProfile');
    expect(why.message).to.equal('syscalls: no Linux system call has the name opne (perhaps open)');
    prepare(profile('a', rule('s390_pci_mmio_read', 'arm_fadvise64_64', 'openat2')), nothing, {}, kernel);
  });

  it('refuses what this kernel cannot do, on this node', () => {
    const notify = profile('a', { syscalls: [{ action: 'SCMP_ACT_NOTIFY', names: ['read'] }] });
    expect(rejection(() => prepare(notify, nothing, {}, kernel))).to.include({
      reason: 'SeccompNotSupportedOnNode',
      message: 'the kernel 6.1.0 of this node lacks the action SCMP_ACT_NOTIFY',
    });
    const none = { ...kernel, actions: undefined };
    expect(rejection(() => prepare(profile('a'), nothing, {}, none)).reason).to.equal('SeccompNotSupportedOnNode');
  });

  it('leaves out architectures that the node cannot run, as runtimes refuse some of them', () => {
    const all = ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_PARISC', 'SCMP_ARCH_S390X', 'SCMP_ARCH_ARM'] as const;
    const from = profile('a', { architectures: [...all] });
    const architectures = (machine: string): unknown =>
      (JSON.parse(prepare(from, nothing, {}, { ...kernel, machine }).text) as OciProfile).architectures;
    expect(architectures('x86_64')).to.deep.equal(['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86']);
    expect(architectures('aarch64')).to.deep.equal(['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM']);
    expect(architectures('riscv64')).to.deep.equal(all);
  });

  it('writes rules as libseccomp needs them, and says what remains doubtful', () => {
    const eq = (index: number) => ({ index, value: 1, op: 'SCMP_CMP_EQ' }) as const;
    const rules = (action: 'SCMP_ACT_ALLOW' | 'SCMP_ACT_LOG') => [
      { action: 'SCMP_ACT_ALLOW' as const, names: ['execve', 'exit_group'] },
      { action: 'SCMP_ACT_ALLOW' as const, names: ['ioctl'], args: [eq(1)] },
      { action, names: ['ioctl'], args: [eq(0)] },
    ];
    const { text, warnings } = prepare(profile('a', { syscalls: rules('SCMP_ACT_ALLOW') }), nothing, {}, kernel);
    expect(text.indexOf('"index": 0')).to.be.lessThan(text.indexOf('"index": 1'));
    expect(warnings).to.deep.equal([]);
    const torn = prepare(profile('a', { syscalls: rules('SCMP_ACT_LOG') }), nothing, {}, kernel);
    expect(torn.warnings.join()).to.match(/^syscalls\[2\]: SCMP_ACT_LOG for ioctl/);
  });

  it('refuses two verdicts for the same call, under which no container starts', () => {
    const args = [{ index: 0, value: 1, op: 'SCMP_CMP_EQ' as const }];
    const syscalls = (['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG'] as const).map((action) => ({
      action,
      names: ['ioctl'],
      args,
    }));
    const why = rejection(() => stack(profile('a', { syscalls }), nothing));
    expect(why.reason).to.equal('InvalidSeccompProfile');
    expect(why.message).to.contain('syscalls[1]: SCMP_ACT_LOG for ioctl and SCMP_ACT_ALLOW of syscalls[0]');
  });

  it('keeps to the limit of the spod, with the bases counted', () => {
    const limit = { allowedSyscalls: ['exit'] };
    const base = profile('base', rule('mount'));
    const top = profile('a', { ...rule('exit'), baseProfileName: 'base' });
    expect(rejection(() => prepare(top, () => base, limit, kernel)).reason).to.equal('ProfileNotAllowed');
  });

  it('refuses a profile whose file belongs to another', () => {
    const find = (name: string) => (name === 'a' ? profile('a') : undefined);
    expect(rejection(() => stack(profile('a.json'), find)).message).to.contain('ns/a has the same file');
    expect(stack(profile('a.json'), nothing).bases).to.deep.equal([]);
    expect(stack(profile('a'), find).bases).to.deep.equal([]);
  });

  it('tells every fault of a profile at once', () => {
    const spec = {
      syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['rm -rf'], args: [{ index: 9, op: 'SCMP_CMP_EQ' }] }],
    };
    const bad = { ...profile('a'), spec: { defaultAction: 'SCMP_ACT_ERRNO', ...spec } } as SeccompProfile;
    const why = rejection(() => prepare(bad, nothing, {}, kernel));
    expect(why.reason).to.equal('InvalidSeccompProfile');
    expect(why.message).to.contain('syscalls[0].names[0]').and.to.contain('syscalls[0].args[0].index');
  });

  it('knows profiles that sleep', () => {
    expect(inactiveStateOf(profile('a'))).to.equal(undefined);
    expect(inactiveStateOf(profile('a', { disabled: true }))).to.equal('Disabled');
    expect(inactiveStateOf(profile('a', {}, { 'spo.x-k8s.io/partial': 'true' }))).to.equal('Partial');
  });

  it("prints the annotation as the manual's", () => {
    const base = profile('base', rule('brk', 'arch_prctl'));
    const stacked = stack(profile('a', { ...rule('exit_group'), baseProfileName: 'base' }), () => base);
    expect(syscallsAnnotation(stacked.profile)).to.equal(
      '[{"names":["arch_prctl","brk","exit_group"],"action":"SCMP_ACT_ALLOW"}]',
    );
  });
});
