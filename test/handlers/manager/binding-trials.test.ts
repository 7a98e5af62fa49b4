// SPDX-License-Identifier: Apache-2.0
// A binding tries its profile: the twin that it makes, the steps that it tells of, and what becomes of the twin.
import { expect } from 'chai';
import { twinName } from '../../../src/core/binding/twin.ts';
import type { ProfileBinding } from '../../../src/gen/crd/profile-binding.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import type { Outcome } from '../../../src/runtime/outcome.ts';
import { seccompProfile } from '../../fakes/profiles.ts';
import { BindingWorld } from './binding-world.ts';

const FLAGS = { flags: ['SECCOMP_FILTER_FLAG_LOG' as const] };
const INSTALLED = { status: 'Installed', observedGeneration: 1 } as const;

describe('handlers/manager/binding-trials', () => {
  let world: BindingWorld;
  let binding: ProfileBinding;

  beforeEach(() => {
    world = new BindingWorld();
    world.namespace();
    world.profiles.set({ ...seccompProfile('a', ['read'], { spec: FLAGS }), status: INSTALLED });
    binding = world.binding('b', { enforcement: { mode: 'Enforce', promote: { afterSeconds: 60, replicas: 1 } } });
  });

  /** Reconciles, and stores the status. */
  async function step(): Promise<Outcome<ProfileBinding>> {
    const outcome = await world.settled('b');
    if (outcome.status !== undefined) world.bindings.set({ ...binding, status: outcome.status });
    return outcome;
  }

  const conditions = ({ status }: Outcome<ProfileBinding>) =>
    Object.fromEntries((status?.conditions ?? []).map(({ type, reason }) => [type, reason]));

  const reasons = ({ events = [] }: Outcome<ProfileBinding>) => events.map(({ reason }) => reason);

  /** The twin as nodes have it: as the operator made it, or a form that nobody wanted. */
  async function install(more: object = {}): Promise<string> {
    const [twin] = (await step()).desired ?? [];
    world.profiles.set({ ...(twin as SeccompProfile), status: INSTALLED, ...more });
    world.profiles.set({
      ...(twin as SeccompProfile),
      metadata: { ...twin!.metadata, uid: 'twin', generation: 1 },
      status: INSTALLED,
    });
    return twin!.metadata.name;
  }

  it('makes a twin that only logs, owned by the binding, and never writes the profile', async () => {
    const { desired, toDelete, status } = await step();
    expect(desired).to.deep.equal([
      {
        apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
        kind: 'SeccompProfile',
        metadata: {
          name: twinName(binding),
          namespace: 'ns',
          labels: { 'spo.x-k8s.io/trial-of': 'b' },
          annotations: desired?.[0]?.metadata.annotations,
          ownerReferences: [
            {
              apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
              kind: 'ProfileBinding',
              name: 'b',
              uid: 'b',
              controller: true,
            },
          ],
          resourceVersion: '1',
        },
        spec: {
          defaultAction: 'SCMP_ACT_LOG',
          ...FLAGS,
          syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['read'] }],
        },
      },
    ]);
    expect(toDelete).to.deep.equal([]);
    expect(status?.state).to.equal('ProfileNotReady');
    expect(status?.trial?.phase).to.equal('Auditing');
  });

  it('stands on no base: what a base refuses is logged, too', async () => {
    const base = { baseProfileName: 'base', defaultAction: 'SCMP_ACT_ALLOW' as const, syscalls: [] };
    const rules = [{ action: 'SCMP_ACT_ERRNO' as const, names: ['bpf'] }];
    world.profiles.set({ ...seccompProfile('base', [], { spec: { syscalls: rules } }), status: INSTALLED });
    world.profiles.set({ ...seccompProfile('a', [], { spec: base }), status: INSTALLED });
    const [twin] = (await step()).desired ?? [];
    expect((twin as SeccompProfile).spec).to.deep.equal({
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ action: 'SCMP_ACT_LOG', names: ['bpf'] }],
    });
  });

  it('promotes after a quiet time, rolls back for a denial, and tells of each step once', async () => {
    const twin = await install();
    expect(reasons(await step())).to.deep.equal(['TrialBegun']);
    world.pod('p1', { bound: 'c=b', profile: twin, created: '2026-01-01T00:00:50Z' });
    world.time += 30_000;
    const early = await step();
    expect(conditions(early)).to.include({ Promotable: 'TooEarly', Enforced: 'Auditing' });
    expect(early.status?.message).to.match(
      /^1 pod runs under a-audit-\w+, which only logs what the SeccompProfile a w/,
    );
    world.time += 60_000;
    const promoted = await step();
    expect(conditions(promoted)).to.include({ Promotable: 'Enforced', Enforced: 'Promoted' });
    expect(reasons(promoted)).to.deep.equal(['Promoted']);
    expect(promoted.events?.[0]?.message).to.include('1 older pod runs under the log-only twin');
    world.pod('p2', { bound: 'c=b', profile: 'a', created: '2026-01-01T00:03:00Z' });
    const both = await step();
    expect(both.status?.trial).to.include({ auditedPods: 1, enforcedPods: 1 });
    expect(both.status?.message).to.match(/, and 1 pod runs under the profile itself$/);
    expect(reasons(both)).to.deep.equal([]);
    world.time += 60_000;
    world.denials.set('a', [{ call: 'bpf', enforced: true, by: 'app', last: '2026-01-01T00:03:30Z' }]);
    const back = await step();
    expect(back.events).to.have.length(1);
    expect(back.events?.[0]).to.include({ type: 'Warning', reason: 'RolledBack' });
    expect(back.events?.[0]?.message).to.match(/^denied: bpf \(app\); new pods run under a-audit-/);
    expect(conditions(back)).to.include({ Promotable: 'CallsDenied', Enforced: 'RolledBack' });
    expect(reasons(await step())).to.deep.equal([]);
  });

  it('counts no pod whose container has not begun to run', async () => {
    const twin = await install();
    await step();
    const parts = { bound: 'c=b', profile: twin, created: '2026-01-01T00:00:50Z' };
    const waiting = world.pod('p1', { ...parts, waits: true });
    world.time += 300_000;
    const still = await step();
    expect(conditions(still)).to.include({ Promotable: 'TooFewReplicas', Enforced: 'Auditing' });
    expect(still.status?.trial?.auditedPods).to.equal(1);
    const begun = world.pod('p1', { ...parts, created: '2026-01-01T00:05:50Z' });
    expect(world.watches[0]?.predicate?.(waiting, begun)).to.equal(true);
    expect(world.watches[0]?.mapChange?.(waiting, begun)).to.deep.equal([{ namespace: 'ns', name: 'b' }]);
    expect(conditions(await step())).to.include({ Promotable: 'TooEarly' });
  });

  it('begins anew where the profile changes, and keeps what was known where its status does', async () => {
    const twin = await install();
    await step();
    world.pod('p1', { bound: 'c=b', profile: twin, created: '2026-01-01T00:00:50Z' });
    world.time += 90_000;
    expect(reasons(await step())).to.deep.equal(['Promoted']);
    const spec = { ...FLAGS, syscalls: [{ action: 'SCMP_ACT_ALLOW' as const, names: ['write'] }] };
    const changed = seccompProfile('a', [], { spec, metadata: { generation: 2 } });
    world.profiles.set({ ...changed, status: { status: 'Installed', observedGeneration: 2 } });
    const { status, desired } = await step();
    expect(status?.trial).to.include({ phase: 'Auditing', profileGeneration: 2 });
    expect(conditions({ status: status! }).Promotable).to.equal('TwinNotReady');
    expect((desired?.[0] as SeccompProfile).spec.syscalls).to.deep.equal(spec.syscalls);
  });

  it('keeps an enforced profile where a limit comes that forbids the twin alone', async () => {
    const twin = await install();
    await step();
    world.pod('p1', { bound: 'c=b', profile: twin, created: '2026-01-01T00:00:50Z' });
    world.time += 90_000;
    expect(reasons(await step())).to.deep.equal(['Promoted']);
    world.limit = { allowedSyscalls: ['read'] };
    await step();
    expect(world.bindings.get({ namespace: 'ns', name: 'b' })?.status?.trial?.phase).to.equal('Enforcing');
  });

  it('binds nothing where a limit forbids the twin, or its name is taken, and says so', async () => {
    world.limit = { allowedSyscalls: ['read'] };
    const limited = await step();
    expect(limited.desired).to.deep.equal([]);
    expect(limited.status).to.deep.include({ state: 'TrialImpossible' });
    expect(limited.status?.message).to.match(
      /a twin that only logs is beyond the limit: the default action SCMP_ACT_LOG/,
    );
    expect(conditions(limited)).to.include({ Promotable: 'ProfileNotAllowed', Enforced: 'ProfileNotAllowed' });
    world.limit = {};
    world.profile(twinName(binding));
    const taken = await step();
    expect(taken.desired).to.deep.equal([]);
    expect(conditions(taken)).to.include({ Promotable: 'ProfileNotOurs' });
  });

  it('takes a twin away that is of no use any more, and never what it has not made', async () => {
    const twin = await install();
    world.binding('b', { enforcement: { mode: 'Propose' } });
    const ref = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
    const gone = [{ ...ref, namespace: 'ns', name: twin }];
    const proposed = await world.settled('b');
    expect(proposed.toDelete).to.deep.equal(gone);
    expect(proposed.status?.trial?.phase).to.equal(undefined);
    const pod = world.pod('p1', { bound: 'c=b', profile: twin });
    expect((await world.settled('b')).toDelete, 'while a pod runs under it').to.deep.equal([]);
    world.pods.take(pod.metadata.name);
    const ending = { ...binding, metadata: { ...binding.metadata, deletionTimestamp: '2026-01-01T00:09:00Z' } };
    expect((await world.handler.cleanup(ending)).toDelete).to.deep.equal(gone);
    expect((await world.handler.gone({ namespace: 'ns', name: 'b' })).toDelete).to.deep.equal(gone);
    const { labels, ...metadata } = world.profiles.get({ namespace: 'ns', name: twin })!.metadata;
    expect(labels).to.not.equal(undefined);
    world.profiles.set({ ...seccompProfile(twin), metadata });
    expect((await world.handler.gone({ namespace: 'ns', name: 'b' })).toDelete).to.deep.equal([]);
  });

  it('is woken where a node begins to hear of denials', () => {
    const watch = world.watches.at(-1);
    const report = (status: string) => ({ status: { conditions: [{ type: 'AuditLogRead', status }] } }) as never;
    world.binding('other');
    expect(watch?.predicate?.(report('False'), report('True'))).to.equal(true);
    expect(watch?.predicate?.(report('True'), report('True'))).to.equal(false);
    expect(watch?.mapToKeys(report('True'))).to.deep.equal([{ namespace: 'ns', name: 'b' }]);
  });

  it('is woken by its twin, and by a denial that is told again', () => {
    const keysOf = (object: object, index: number) => world.watches[index]?.mapToKeys(object as never);
    const owner = { apiVersion: 'x', kind: 'ProfileBinding', name: 'b', uid: 'b' };
    const twin = seccompProfile('a-audit-1', [], { metadata: { ownerReferences: [owner] } });
    expect(keysOf(twin, 1)).to.deep.equal([{ namespace: 'ns', name: 'b' }]);
    const report = (last: string) => ({
      metadata: { name: 'n1' },
      status: { profiles: { 'SeccompProfile/ns/a': { denials: [{ call: 'bpf', enforced: true, by: '', last }] } } },
    });
    const watch = world.watches[2];
    const keys = watch?.mapChange?.(report('1') as never, report('2') as never);
    expect(keys).to.deep.equal([{ namespace: 'ns', name: 'b' }]);
    expect(watch?.mapChange?.(report('1') as never, report('1') as never)).to.deep.equal([]);
  });
});
