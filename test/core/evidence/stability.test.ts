// SPDX-License-Identifier: Apache-2.0
// When a recording counts as stable: by runs and by time since the last news, of every container.
import { expect } from 'chai';
import { stabilityOf } from '../../../src/core/evidence/stability.ts';
import { ANNOTATION, LABEL } from '../../../src/core/names.ts';
import { printEvidence } from '../../../src/core/recording/evidence.ts';
import { NO_EARLIER_RUNS } from '../../../src/core/recording/runs.ts';
import type { Losses, Run } from '../../../src/core/recording/runs.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';

const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`;
const NOW = Date.parse(at(59));
const BAR = { runs: 2, seconds: 600 };

/** A run from one minute to another one; without that one it goes on. */
function ran(from: number, until?: number, lost: Losses = {}): Run {
  return { pod: 'p', node: 'n', from: at(from), ...(until === undefined ? {} : { until: at(until) }), lost };
}

function profile(container: string, names: readonly string[], runs: readonly Run[], news?: number): SeccompProfile {
  const evidence = printEvidence({
    version: 'v1',
    recorder: 'bpf',
    instances: Object.fromEntries(runs.map((run, n) => [`${String(n)}${run.from.slice(14, 16)}`, run])),
    earlier: NO_EARLIER_RUNS,
    ...{ nodes: [], images: [], kernels: [], runtimes: [] },
    ...(news === undefined ? {} : { lastNewCall: at(news) }),
  });
  const annotations = { [ANNOTATION.recordingEvidence]: evidence };
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: { name: container, labels: { [LABEL.containerId]: container }, annotations },
    spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names: [...names] }] },
  };
}

const answer = (...profiles: readonly SeccompProfile[]): string => {
  const { status, reason, message } = stabilityOf(profiles, BAR, NOW);
  return `${status} ${reason}: ${message}`;
};

describe('core/evidence/stability', () => {
  it('is reached by enough runs and time in which nothing new came', () => {
    const quiet = [ran(0, 10), ran(20, 21), ran(30, 31)];
    expect(answer(profile('web', ['read'], quiet, 5))).to.equal(
      `True NothingNew: nothing new in 2 runs of container web since ${at(5)}`,
    );
    expect(answer(profile('web', ['read'], quiet, 25))).to.equal(
      `False TooFewRuns: nothing new in 1 runs of container web since ${at(25)}: 2 are needed`,
    );
    const late = [ran(0, 50), ran(54, 55), ran(56, 57)];
    expect(answer(profile('web', ['read'], late, 53))).to.match(/^False TooEarly: .*: 600 s must have passed$/);
  });

  it('counts a run that goes on when it has for the time, and none of which something was lost', () => {
    expect(answer(profile('web', ['read'], [ran(0, 1), ran(20, 21), ran(30)], 5))).to.match(/^True /);
    expect(answer(profile('web', ['read'], [ran(0, 1), ran(20, 21), ran(55)], 5))).to.match(/^False TooFewRuns/);
    const lossy = [ran(0, 1), ran(20, 21), ran(30, 31, { event: 1 })];
    expect(answer(profile('web', ['read'], lossy, 5))).to.match(/^False TooFewRuns: nothing new in 1 runs/);
    const once = [ran(0, 1), ran(20, 21, { 'logged-once': 1 }), ran(30, 31, { 'logged-once': 1 })];
    expect(answer(profile('web', ['read'], once, 5))).to.match(/^True /);
  });

  it('takes replicas together, whose calls are new to themselves only', () => {
    const replicas = [3, 20, 30].map((from) => profile('web', ['read'], [ran(from, from + 1)], from + 1));
    expect(answer(...replicas)).to.equal(`True NothingNew: nothing new in 2 runs of container web since ${at(4)}`);
    const other = profile('web', ['read', 'open'], [ran(40, 41)], 41);
    expect(answer(...replicas, other)).to.match(/^False TooFewRuns: nothing new in 0 runs/);
  });

  it('is that of the container that is furthest from it', () => {
    const web = profile('web', ['read'], [ran(0, 1), ran(20, 21), ran(30, 31)], 5);
    expect(answer(web, profile('db', ['read'], [ran(0, 1)], 1))).to.match(/^False TooFewRuns: .* of container db/);
    expect(stabilityOf([web, profile('db', ['read'], [], 7)], BAR, NOW).lastNew).to.equal(at(7));
  });

  it('is unknown without profiles, and where they do not tell of times', () => {
    expect(answer()).to.equal('Unknown NothingRecorded: there is no profile of it yet');
    expect(answer(profile('web', ['read'], [ran(0, 1)]))).to.match(/^Unknown TimesUnknown: .* container web do not/);
  });

  it('tells when time alone can change it', () => {
    const since = (runs: readonly Run[], news: number): number | undefined =>
      stabilityOf([profile('web', ['read'], runs, news)], BAR, NOW).againMs;
    expect(since([ran(0, 50), ran(54, 55), ran(56, 57)], 53)).to.equal(4 * 60_000);
    expect(since([ran(0, 50), ran(54), ran(56)], 53)).to.equal(5 * 60_000);
    expect(since([ran(0, 1)], 1)).to.equal(undefined);
    const slow = { runs: 1, seconds: 31_536_000 };
    expect(stabilityOf([profile('web', ['read'], [ran(2, 3)], 1)], slow, NOW).againMs).to.equal(3_600_000);
  });
});
