// SPDX-License-Identifier: Apache-2.0
// Lines of the log enricher on their way into the node's status: to the profile that pods use by that name.
import { expect } from 'chai';
import { printNews } from '../../src/core/audit/denial-line.ts';
import { NodeStatusCache } from '../../src/core/status/node-status-cache.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import { followDenials } from '../../src/roles/wiring/daemon-denials.ts';
import { PROFILE_KINDS } from '../../src/roles/wiring/profile-kinds.ts';
import type { DenialFeed } from '../../src/roles/wiring/profile-kinds.ts';
import type { Reader } from '../../src/runtime/handler.ts';
import type { KubeObject } from '../../src/runtime/object.ts';
import { Shelf, seccompProfile } from '../fakes/profiles.ts';

const KEY = 'SeccompProfile/ns/a';
const DENIAL = { call: 'bpf', enforced: true, by: '/x in ns/p', last: '2026-01-01T00:00:00Z' };

describe('roles/wiring/daemon-denials', () => {
  it('finds the profile by the name that pods use, and tells whether a log is read', () => {
    const profiles = new Shelf<SeccompProfile>();
    profiles.set(seccompProfile('a'));
    const cache = new NodeStatusCache(() => undefined);
    cache.record(KEY, { state: 'Installed', uid: 'a', generation: 1 }, 'T');
    const listeners: Parameters<DenialFeed['follow']>[0][] = [];
    let changes = 0;
    const denials = followDenials(
      { follow: (one) => void listeners.push(one) },
      {
        operator: { reader: <T extends KubeObject>() => profiles as unknown as Reader<T> },
        kinds: PROFILE_KINDS.slice(0, 1),
        cache,
        changed: () => (changes += 1),
        now: () => Date.parse('2026-01-01T00:10:01Z'),
      },
    );
    const observe = () => denials.observation();
    expect(listeners, 'before profiles are known').to.deep.equal([]);
    denials.begin();
    const [listener] = listeners;
    const say = (use: string, module: 'seccomp' | 'apparmor' = 'seccomp') =>
      listener?.line(printNews({ type: 'denial', module, use, ...DENIAL }));
    expect(observe(), 'that of before a restart stands').to.equal(undefined);
    listener?.line(printNews({ type: 'source', log: '/var/log/syslog' }));
    listener?.line('of another version');
    expect(observe()).to.deep.include({ status: 'True', message: 'the log enricher reads /var/log/syslog' });
    say('operator/ns/b.json');
    say('operator/ns/a.json', 'apparmor');
    expect(cache.get(KEY)?.denials).to.equal(undefined);
    const changed = { ...seccompProfile('a').metadata, generation: 2 };
    profiles.set({ ...seccompProfile('a'), metadata: changed });
    say('operator/ns/a.json');
    expect(cache.get(KEY)?.denials, 'perhaps older than the change').to.equal(undefined);
    profiles.set(seccompProfile('a'));
    say('operator/ns/a.json');
    expect(cache.get(KEY)?.denials).to.deep.equal([DENIAL]);
    const ahead = { ...DENIAL, use: 'operator/ns/a.json', last: '2026-01-01T00:30:00Z' } as const;
    listener?.line(printNews({ type: 'denial', module: 'seccomp', ...ahead }));
    expect(cache.get(KEY)?.denials, 'of a time that has not come').to.deep.equal([DENIAL]);
    listener?.lost();
    listener?.lost();
    expect(observe()).to.deep.include({ status: 'False', reason: 'NoAuditLog' });
    expect(changes).to.equal(2);
  });

  it('says that there is no log enricher', () => {
    const side = { operator: { reader: () => new Shelf() as never }, kinds: [], cache: new NodeStatusCache(() => {}) };
    expect(followDenials(undefined, { ...side, changed: () => undefined, now: () => 0 }).observation()).to.deep.include(
      {
        status: 'False',
        reason: 'LogEnricherNotEnabled',
      },
    );
  });
});
