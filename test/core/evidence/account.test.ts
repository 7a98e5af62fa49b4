// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { accountOf } from '../../../src/core/evidence/account.ts';
import { runsText, accountLines } from '../../../src/core/evidence/text.ts';
import { ANNOTATION } from '../../../src/core/names.ts';
import { printEvidence } from '../../../src/core/recording/evidence.ts';
import type { Evidence } from '../../../src/core/recording/evidence.ts';
import { NO_EARLIER_RUNS } from '../../../src/core/recording/runs.ts';
import type { Losses } from '../../../src/core/recording/runs.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';

type Annotations = Readonly<Record<string, string>>;

function profile(names: readonly string[], annotations: Annotations = {}): SeccompProfile {
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: { name: 'web', annotations },
    spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names: [...names] }] },
  };
}

function told(id: string, until: string | undefined, lost: Losses = {}): Annotations {
  const run = {
    pod: `pod-${id}`,
    node: 'n1',
    from: '2026-01-01T00:00:00Z',
    ...(until === undefined ? {} : { until }),
    lost,
  };
  const evidence: Evidence = {
    version: 'v1',
    recorder: 'bpf',
    instances: { [id]: run },
    earlier: NO_EARLIER_RUNS,
    nodes: ['n1'],
    images: ['registry/web@sha256:1'],
    kernels: ['6.1.0'],
    runtimes: [],
    firstCall: '2026-01-01T00:00:01Z',
    lastNewCall: '2026-01-01T00:00:09Z',
  };
  return { [ANNOTATION.recordingEvidence]: printEvidence(evidence) };
}

const ENDED = '2026-01-01T00:01:00Z';
const BASE = { [ANNOTATION.addedSyscalls]: 'base syscalls: execve, capset' };

describe('accountOf()', () => {
  it('tells of whole recordings', () => {
    const account = accountOf([
      profile(['read', 'mknod', 'execve', 'capset'], { ...BASE, ...told('a', ENDED) }),
      profile(['read', 'execve', 'capset'], { ...BASE, ...told('b', ENDED) }),
      profile(['read', 'execve'], told('c', ENDED)),
    ]);
    expect(accountLines(account)).to.deep.equal([
      'whole: yes',
      'recordings: 3, of 3 runs in 3 pods, 3 min together',
      'seen: 3, 1 of them in every recording, 2 in one only',
      'allowed without having been seen: 1',
      'chance that the next recording shows something new: 67 % (95 % interval: 17 % to 100 %)',
      'seen in one recording only: execve, mknod',
      'recorder: bpf',
      'nodes: n1',
      'images: registry/web@sha256:1',
      'kernels: 6.1.0',
      'first call: 2026-01-01T00:00:01Z',
      'last new call: 2026-01-01T00:00:09Z',
    ]);
  });

  for (const { why, annotations, answer, reasons } of [
    {
      why: 'that says nothing',
      annotations: {},
      answer: 'unknown',
      reasons: ['nothing in SeccompProfile web says how it was learnt'],
    },
    { why: 'of spoc', annotations: BASE, answer: 'yes', reasons: [] },
    { why: 'that goes on', annotations: told('a', undefined), answer: 'no', reasons: ['a container still runs'] },
    {
      why: 'that lacks something',
      annotations: {
        ...told('a', ENDED),
        [ANNOTATION.recordingIncomplete]: '3 messages were lost; the end was not seen',
      },
      answer: 'no',
      reasons: ['3 messages were lost', 'the end was not seen'],
    },
  ]) {
    it(`answers ${answer} for a profile ${why}`, () => {
      const { whole } = accountOf([profile(['read'], annotations)]);
      expect(whole).to.deep.equal({ answer, reasons });
    });
  }

  it('takes one that does not tell for the whole', () => {
    const { whole } = accountOf([profile(['read'], told('a', ENDED)), profile(['read'])]);
    expect(whole.answer).to.equal('unknown');
  });

  it('gives the most where a merged profile tells only counts', () => {
    const coverage = { version: 'v1', total: 10, syscalls: { read: 10, a: 1, b: 1, c: 1 } };
    const account = accountOf([
      profile(['read', 'a', 'b', 'c'], { [ANNOTATION.syscallCoverage]: JSON.stringify(coverage) }),
    ]);
    expect(accountLines(account)).to.include(
      'chance that the next recording shows something new: at most 30 % (95 % interval: 0 % to 60 %)',
    );
  });
});

describe('runsText()', () => {
  it('says times in the two largest units that they have', () => {
    const told = (seconds: number): string =>
      runsText({ state: 'ended', runs: 1, pods: 2, seconds, lost: { total: 0 } });
    expect(told(0)).to.equal('1 run in 2 pods, 0 s together');
    const times = [59, 60, 3661, 86_400, 90_059, 86_405].map(
      (seconds) => / pods, (.*) together/.exec(told(seconds))?.[1],
    );
    expect(times).to.deep.equal(['59 s', '1 min', '1 h 1 min', '1 d', '1 d 1 h', '1 d']);
  });
});
