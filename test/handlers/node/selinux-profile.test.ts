// SPDX-License-Identifier: Apache-2.0
// SELinux profiles of both kinds from the object to the node's policy and back, with manager and daemon at work.
import { expect } from 'chai';
import { Failed } from '../../../src/core/errors.ts';
import { GROUP } from '../../../src/core/names.ts';
import type { SelinuxProfile, SelinuxProfileStatus } from '../../../src/gen/crd/selinux-profile.ts';
import { RAW_SELINUX_PROFILE, SELINUX_PROFILE } from '../../../src/gen/kinds.ts';
import { EVENT } from '../../../src/runtime/kinds.ts';
import type { Resource } from '../../../src/runtime/object.ts';
import { FakeCluster, until } from '../../fakes/cluster.ts';

describe('SELinux profiles', function () {
  this.timeout(120_000);
  let cluster: FakeCluster;

  beforeEach(() => {
    cluster = new FakeCluster();
  });
  afterEach(() => cluster.stop());

  const apiVersion = `${GROUP}/v1alpha2`;
  const allow = { http_cache_port_t: { tcp_socket: ['name_bind'] } };

  function put(name: string, spec: object = { allow }, kind = 'SelinuxProfile'): void {
    const profile = { apiVersion, kind, metadata: { name, namespace: 'ns' }, spec };
    cluster.server.put(profile);
  }

  function status(name: string, resource: Resource = SELINUX_PROFILE): SelinuxProfileStatus {
    const profile = cluster.server.get(resource, { namespace: 'ns', name }) as SelinuxProfile | undefined;
    return profile?.status ?? {};
  }

  function message(name: string, resource: Resource = SELINUX_PROFILE): string {
    return status(name, resource).conditions?.find(({ type }) => type === 'Ready')?.message ?? '';
  }

  const installed = (name: string) => until(`${name} is installed`, () => status(name).status === 'Installed');

  it('are installed, and tell the type for pods', async () => {
    put('web');
    await cluster.manager();
    await cluster.daemon();
    await installed('web');
    expect(status('web').usage).to.equal('web_ns.process');
    const lines = cluster.selinuxd.store.get('web_ns')?.split('\n') ?? [];
    expect(lines.slice(0, 3)).to.deep.equal([
      '(block web_ns',
      '(blockinherit container)',
      '(allow process http_cache_port_t ( tcp_socket ( name_bind )))',
    ]);
    expect(lines.at(-2)).to.equal(';; security-profiles-operator: SelinuxProfile ns/web');
    expect(cluster.refused()).to.deep.equal([]);
  });

  it('are installed again where others have removed them, which is told, and tell of being disabled', async () => {
    put('web');
    put('other');
    await cluster.manager();
    await cluster.daemon();
    await installed('web');
    await installed('other');
    cluster.selinuxd.tamper('web_ns', 'remove');
    await until('it is told', () => message('web').includes('replaced or removed'));
    expect(message('web')).to.include('somebody had replaced or removed the policy on the node: installed again at ');
    expect(status('web').status).to.equal('Installed');
    const events = () =>
      cluster.server.list(EVENT).filter((event) => 'reason' in event && event.reason === 'FileDiffered');
    await until('there is an event', () => events().length > 0);
    cluster.selinuxd.tamper('other_ns', 'disable');
    await until('it is told', () => status('other').status !== 'Installed');
    expect(message('other')).to.include('disabled');
    expect(events()).to.have.length(1);
    expect(cluster.selinuxd.rounds).to.be.at.most(4);
  });

  it('show that they are being installed, and are not written again after a restart', async () => {
    cluster.selinuxd.prompt = false;
    put('web');
    await cluster.manager();
    await cluster.daemon();
    await until('the node is at it', () => status('web').status === 'InProgress');
    expect(message('web')).to.equal('selinuxd is installing the policy');
    cluster.selinuxd.round();
    await installed('web');
    await cluster.daemon();
    await cluster.rest();
    expect(cluster.selinuxd.rounds).to.equal(1);
  });

  it('say in words of the object why the compiler refuses them', async () => {
    cluster.selinuxd.refusals.set('web_ns', 'Failed to resolve allow statement at web_ns.cil:3');
    put('web');
    await cluster.manager();
    await cluster.daemon();
    await until('it is refused', () => status('web').status === 'Error');
    expect(message('web')).to.include('Failed to resolve allow statement at spec.allow.http_cache_port_t.tcp_socket');
    expect(cluster.counted).to.include('CannotSaveSelinuxPolicy');
  });

  it('are installed when selinuxd has succeeded later in what it could not do at first', async () => {
    cluster.selinuxd.refusals.set('web_ns', 'No space left on device');
    put('web');
    await cluster.manager();
    await cluster.daemon();
    await until('it has failed', () => status('web').status === 'Error');
    cluster.selinuxd.refusals.clear();
    cluster.selinuxd.round();
    await installed('web');
  });

  it('say of what is installed what the node says of it', async () => {
    cluster.selinuxd.warnings.set('web_ns', 'the policy of this node has no type web_ns.process');
    put('web');
    await cluster.manager();
    await cluster.daemon();
    await until('it is told', () => message('web').includes('no type web_ns.process'));
    expect(status('web').status).to.equal('Installed');
  });

  it('are refused where the text says more than a profile may', async () => {
    put('web', { allow: { shadow_t: { file: ['read'] } } });
    put('raw', { policy: '(blockinherit container)\n(allow process etc_t (file (read))' }, 'RawSelinuxProfile');
    await cluster.manager();
    await cluster.daemon();
    await until('both are refused', () =>
      [status('web'), status('raw', RAW_SELINUX_PROFILE)].every((one) => one.status === 'Error'),
    );
    expect(message('web')).to.include('shadow_t');
    expect(cluster.selinuxd.folder.size).to.equal(0);
  });

  it('go from the node before they go from the cluster', async () => {
    put('web');
    await cluster.manager();
    await cluster.daemon();
    await installed('web');
    cluster.selinuxd.prompt = false;
    cluster.server.delete(SELINUX_PROFILE, { namespace: 'ns', name: 'web' });
    await until('the node is at it', () => status('web').status === 'Terminating');
    expect(cluster.selinuxd.folder.size).to.equal(0);
    cluster.selinuxd.round();
    await until(
      'it is gone',
      () => cluster.server.get(SELINUX_PROFILE, { namespace: 'ns', name: 'web' }) === undefined,
    );
    expect(cluster.selinuxd.store.size).to.equal(0);
  });

  it('go from the node although selinuxd ends after it was asked for that', async () => {
    put('web');
    await cluster.manager();
    await cluster.daemon();
    await installed('web');
    Object.assign(cluster.selinuxd, { prompt: false, ending: true });
    cluster.server.delete(SELINUX_PROFILE, { namespace: 'ns', name: 'web' });
    await until('the node is at it', () => status('web').status === 'Terminating');
    cluster.selinuxd.restart();
    await until('it is removed', () => cluster.selinuxd.store.size === 0);
    cluster.selinuxd.restart();
    await until(
      'it is gone',
      () => cluster.server.get(SELINUX_PROFILE, { namespace: 'ns', name: 'web' }) === undefined,
    );
  });

  it('stay while others inherit them, which their conditions name', async () => {
    put('web');
    put('heir', { inherit: [{ kind: 'SelinuxProfile', name: 'web' }] });
    put('raw', { policy: '(blockinherit web_ns)' }, 'RawSelinuxProfile');
    await cluster.manager();
    await cluster.daemon();
    await Promise.all(['web', 'heir'].map(installed));
    await until('all are installed', () => cluster.selinuxd.store.size === 3);
    cluster.server.delete(SELINUX_PROFILE, { namespace: 'ns', name: 'web' });
    await until('it is told', () => message('web').includes('the SelinuxProfile ns/heir and 1 more on this node'));
    expect(status('web').status).to.equal('Terminating');
    expect([...cluster.selinuxd.folder.keys()]).to.include('web_ns');
    put('heir', { allow });
    await until('another one is named', () => message('web').includes('the RawSelinuxProfile ns/raw on this node'));
    cluster.server.delete(RAW_SELINUX_PROFILE, { namespace: 'ns', name: 'raw' });
    await until('only the other is left', () => [...cluster.selinuxd.store.keys()].join() === 'heir_ns');
  });

  it('stay while others inherit them, where they are disabled, too', async () => {
    put('web');
    put('heir', { inherit: [{ kind: 'SelinuxProfile', name: 'web' }] });
    await cluster.manager();
    await cluster.daemon();
    await Promise.all(['web', 'heir'].map(installed));
    put('web', { allow, disabled: true });
    await until('it is told', () => message('web').includes('the SelinuxProfile ns/heir on this node needs'));
    cluster.server.delete(SELINUX_PROFILE, { namespace: 'ns', name: 'heir' });
    await until('both are gone', () => cluster.selinuxd.store.size === 0);
  });

  it('leave the node when they were deleted while no daemon ran', async () => {
    put('web');
    await cluster.manager();
    await cluster.daemon();
    await installed('web');
    const text = cluster.selinuxd.store.get('web_ns') ?? '';
    cluster.selinuxd.store.set('old_ns', text.replaceAll('web', 'old'));
    cluster.selinuxd.folder.clear();
    await cluster.daemon();
    await until('the orphan is gone', () => !cluster.selinuxd.store.has('old_ns'));
    expect(cluster.selinuxd.store.has('web_ns')).to.equal(true);
  });

  it('have one name for both kinds, which the readable form gets', async () => {
    put('web');
    put('web', { policy: '(blockinherit container)' }, 'RawSelinuxProfile');
    put('raw', { policy: '(blockinherit container)' }, 'RawSelinuxProfile');
    await cluster.manager();
    await cluster.daemon();
    await installed('web');
    await until('the other is refused', () => status('web', RAW_SELINUX_PROFILE).status === 'Error');
    expect(message('web', RAW_SELINUX_PROFILE)).to.include('the SelinuxProfile of the same name');
    cluster.server.delete(RAW_SELINUX_PROFILE, { namespace: 'ns', name: 'web' });
    await until(
      'it is gone',
      () => cluster.server.get(RAW_SELINUX_PROFILE, { namespace: 'ns', name: 'web' }) === undefined,
    );
    expect(cluster.selinuxd.store.get('web_ns')).to.include('http_cache_port_t');
    expect(status('raw', RAW_SELINUX_PROFILE).usage).to.equal('raw_ns.process');
  });

  it('wait for a selinuxd that does not answer', async () => {
    cluster.selinuxd.away = new Failed('CannotContactSelinuxd', '/run/x: connection refused');
    put('web');
    await cluster.manager();
    await cluster.daemon();
    await until('the reason is told', () => message('web').includes('connection refused'));
    expect(status('web').status).to.equal('Pending');
    cluster.selinuxd.away = undefined;
    cluster.selinuxd.round();
    await installed('web');
    expect(cluster.counted).to.include('CannotContactSelinuxd');
  });

  it('are not in effect where an administrator of the node has disabled them', async () => {
    cluster.selinuxd.disabled.add('web_ns');
    put('web');
    await cluster.manager();
    await cluster.daemon();
    await until('it is told', () => status('web').status === 'Disabled');
  });
});
