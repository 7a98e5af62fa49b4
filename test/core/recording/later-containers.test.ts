// SPDX-License-Identifier: Apache-2.0
// Which ephemeral containers are wanted by the recordings that have marked their pod.
import { expect } from 'chai';
import { laterContainers, requestsOf } from '../../../src/core/recording/later-containers.ts';
import { logProfiles } from '../../../src/core/recording/log-profile.ts';

const LOG_PROFILES = logProfiles('security-profiles-operator');
const SEEN = { securityContext: { seccompProfile: LOG_PROFILES.SeccompProfile } };
const OTHER = { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'operator/ns/x.json' } } };

/** The requests in short. */
function wanted(annotations: Readonly<Record<string, string>>, ephemeral: Parameters<typeof laterContainers>[0]) {
  return requestsOf(annotations, laterContainers(ephemeral)).map(
    ({ recorder, recording, container, nonce }) => `${recorder} ${recording} ${container} ${nonce}`,
  );
}

describe('requestsOf()', () => {
  const bpf = {
    'io.containers.trace-bpf/web': 'a_web_abcde_1,b_web_abcde_1',
    'io.containers.trace-bpf/x': 'a_x_abcde_1',
  };
  const logs = { 'io.containers.trace-logs/web': 'l_web_abcde_1' };

  it('are those of the annotations where nothing came later', () => {
    expect(wanted(logs, undefined)).to.deep.equal(['logs l web abcde']);
    expect(wanted({}, [{ name: 'debug' }])).to.deep.equal([]);
  });

  it('are for each later container those of every recording, once', () => {
    expect(wanted(bpf, [{ name: 'debug' }, { name: 'more' }]).slice(3)).to.deep.equal([
      'bpf a debug abcde',
      'bpf a more abcde',
      'bpf b debug abcde',
      'bpf b more abcde',
    ]);
  });

  it('ask the audit log only for what runs under the profile that logs all calls', () => {
    const later = [{ name: 'seen', ...SEEN }, { name: 'other', ...OTHER }, { name: 'plain' }, {}];
    expect(wanted(logs, later)).to.deep.equal(['logs l web abcde', 'logs l seen abcde']);
  });

  it('are bounded for one pod, whatever its author has written', () => {
    const recordings = Array.from({ length: 100 }, (_, at) => `r${String(at)}`);
    const forged = Object.fromEntries(
      recordings.map((name) => [`io.containers.trace-bpf/${name}`, `${name}_${name}_abcde_1`]),
    );
    const later = Array.from({ length: 1000 }, (_, at) => ({ name: `later-${String(at)}` }));
    expect(laterContainers(later)).to.have.length(256);
    expect(wanted(forged, later)).to.have.length(1024);
  });
});
