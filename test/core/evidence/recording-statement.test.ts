// SPDX-License-Identifier: Apache-2.0
// The signed word on how profiles were learnt: in numbers, without names of nodes and pods, and only where it is known.
import { expect } from 'chai';
import fc from 'fast-check';
import { recordingLines, recordingPredicate } from '../../../src/core/evidence/recording-statement.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import { recordedProfileText } from '../../fakes/recorded-profile.ts';

const platform = 'linux/amd64';
const digest = `sha256:${'1'.repeat(64)}`;
const profile = JSON.parse(recordedProfileText()) as SeccompProfile;

describe('core/evidence/recording-statement', () => {
  it('tells how it was learnt, and not on which nodes and in which pods', () => {
    const predicate = recordingPredicate([{ platform, digest, profile }], '1.2.3');
    expect(predicate).to.deep.equal({
      tool: { name: 'spoc', version: '1.2.3' },
      profiles: [
        {
          kind: 'SeccompProfile',
          name: 'web',
          platform,
          digest,
          whole: 'yes',
          gaps: [],
          recordings: 3,
          seen: 2,
          added: ['execve'],
          chance: predicate?.profiles[0]?.chance,
          runs: 3,
          pods: 3,
          seconds: 180,
          nodes: 1,
          lost: {},
          recorder: 'bpf',
          images: ['registry.example/web@sha256:0123'],
          kernels: ['6.1.0-1'],
          runtimes: ['containerd://1.7.1'],
          firstCall: '2026-01-01T00:01:00Z',
          lastNewCall: '2026-01-01T00:02:00Z',
        },
      ],
    });
    expect(predicate?.profiles[0]?.chance?.estimate).to.be.closeTo(1 / 3, 1e-9);
    expect(JSON.stringify(predicate)).to.not.match(/node-of-ours|pod-1/);
  });

  it('says nothing of a profile that does not say that it was recorded', () => {
    const bare: SeccompProfile = { ...profile, metadata: { name: 'web' } };
    expect(recordingPredicate([{ platform, digest, profile: bare }], '1')).to.equal(undefined);
    const { annotations = {} } = profile.metadata;
    const kept = Object.entries(annotations).filter(([name]) => name.includes('added'));
    const local: SeccompProfile = { ...bare, metadata: { name: 'web', annotations: Object.fromEntries(kept) } };
    const predicate = recordingPredicate(
      [
        { platform, digest, profile: local },
        { platform, digest, profile: bare },
      ],
      '1',
    );
    expect(predicate?.profiles).to.have.length(1);
    expect(predicate?.profiles[0]).to.not.have.any.keys('runs', 'images', 'chance');
    expect(predicate?.profiles[0]?.whole).to.equal('yes');
  });

  it('takes no annotation without its form for a recording', () => {
    for (const name of ['recording-evidence', 'syscall-coverage']) {
      const annotations = { [`spo.x-k8s.io/${name}`]: 'garbage' };
      const forged: SeccompProfile = { ...profile, metadata: { name: 'web', annotations } };
      expect(recordingPredicate([{ platform, digest, profile: forged }], '1')).to.equal(undefined);
    }
  });

  it('is shown in a line for the profile that is asked about, and no other', () => {
    const other = `sha256:${'2'.repeat(64)}`;
    expect(recordingLines(recordingPredicate([{ platform, digest, profile }], '1'), other)).to.deep.equal([]);
    expect(recordingLines(recordingPredicate([{ platform, digest, profile }], '1'), digest)).to.have.length(1);
    expect(recordingLines(recordingPredicate([{ platform, digest, profile }], '1'), digest)[0]).to.match(
      /^SeccompProfile web for linux\/amd64; whole: yes; recordings: 3; runs: 3 in 3 pods; images: registry\S+; kernels: 6.1.0-1; chance of something new: 33 % /,
    );
  });

  it('shows whatever a signer has written without being steered by it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
        recordingLines(value, digest);
        const told = { kind: 'K', name: `\u001b[2J${text}`, platform: text, digest, whole: 'yes', recordings: 1 };
        const [line = ''] = recordingLines({ profiles: [{ ...told, images: [text, 1] }, value] }, digest);
        expect(line).to.include('whole: yes');
        recordingLines({ profiles: [{ ...told, platform: value, whole: value, runs: 1, pods: value }] }, digest);
        expect(line).to.not.match(/[^\P{Cc}]|\u202e/u);
      }),
    );
  });
});
