// SPDX-License-Identifier: Apache-2.0
// When a profile that only logs may be enforced: by pods, by time, and by what was logged; never where nobody listens.
import { expect } from 'chai';
import fc from 'fast-check';
import { isLogging, promotionOf } from '../../../src/core/binding/promotion.ts';
import type { TrialFacts, TriedProfile } from '../../../src/core/binding/promotion.ts';

const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`;
const now = (minute: number): number => Date.parse(at(minute));
const QUIET = { status: 'False', reason: 'NoDenials', message: 'none' } as const;
const DENIED = { status: 'True', reason: 'CallsDenied', message: 'denied: bpf' } as const;
const LOGGED = { status: 'False', reason: 'CallsLogged', message: 'logged, not denied: bpf' } as const;
const DEAF = { status: 'Unknown', reason: 'NoAuditSource', message: 'no audit log is read on n1' } as const;
const TRIAL = { profileUID: 'u', profileGeneration: 1, since: at(10) };
const BAR = { afterSeconds: 600, replicas: 2 };

function profile(more: Partial<TriedProfile> = {}): TriedProfile {
  const name = { kind: 'SeccompProfile', name: 'web', uid: 'u', generation: 1 };
  return { ...name, isLogging: true, denials: QUIET, ...more };
}

const facts = (more: Partial<TrialFacts> = {}): TrialFacts => ({
  profile: profile(),
  pods: [at(11), at(12)],
  bar: BAR,
  generation: 3,
  ...more,
});

const answer = (more: Partial<TrialFacts>, minute = 30): string => {
  const { status, reason, message } = promotionOf(facts(more), TRIAL, now(minute)).observation;
  return `${status} ${reason}: ${message}`;
};

describe('core/binding/promotion', () => {
  it('proposes the change of a profile under which enough pods have run without a record', () => {
    expect(answer({})).to.equal(
      `True PromotionProposed: nothing was logged in 2 or more pods since ${at(10)}: set spec.defaultAction: ` +
        'SCMP_ACT_ERRNO of the SeccompProfile web',
    );
    expect(answer({ profile: profile({ kind: 'AppArmorProfile' }) })).to.match(/set spec.complainMode: false of/);
    expect(answer({ pods: [at(11)] })).to.match(/^False TooFewReplicas: 2 pods must have run for 600 s/);
    expect(answer({}, 21)).to.match(/^False TooEarly/);
    expect(promotionOf(facts(), TRIAL, now(21)).againMs).to.equal(60_000);
    expect(answer({ pods: [at(9), at(12)] }), 'a pod of before').to.match(/^False TooFewReplicas/);
  });

  it('says what was logged, and unknown where nobody listens', () => {
    expect(answer({ profile: profile({ denials: LOGGED }) })).to.equal('False CallsLogged: logged, not denied: bpf');
    expect(answer({ profile: profile({ denials: DENIED }) })).to.match(/^False CallsDenied/);
    expect(answer({ profile: profile({ denials: DEAF }) })).to.match(/^Unknown NoAuditSource/);
    expect(answer({ profile: profile({ denials: undefined }) })).to.match(/^Unknown NothingKnown/);
    expect(answer({ profile: undefined })).to.match(/^Unknown ProfileNotReady/);
  });

  it('proposes to log again where a profile that is enforced denies something', () => {
    const enforced = { isLogging: false };
    expect(answer({ profile: profile(enforced) })).to.equal('False Enforced: the SeccompProfile web is enforced');
    expect(answer({ profile: profile({ ...enforced, denials: DENIED }) })).to.equal(
      'False RollbackProposed: denied: bpf; to log instead, set spec.defaultAction: SCMP_ACT_LOG of the SeccompProfile web',
    );
  });

  it('begins anew with another profile, and another generation of it', () => {
    const since = (uid: string, generation: number) =>
      promotionOf(facts({ profile: profile({ uid, generation }) }), TRIAL, now(30)).trial?.since;
    expect([since('u', 1), since('u', 2), since('other', 1)]).to.deep.equal([at(10), at(30), at(30)]);
    expect(promotionOf(facts({ profile: undefined }), TRIAL, now(30)).trial).to.equal(TRIAL);
  });

  it('never proposes it where something was logged or nobody listens, and time alone takes no proposal back', () => {
    const some = fc.record({
      denials: fc.constantFrom(QUIET, LOGGED, DENIED, DEAF, undefined),
      pods: fc.array(fc.integer({ min: 0, max: 29 }).map(at), { maxLength: 5 }),
      bar: fc.record({ afterSeconds: fc.integer({ min: 0, max: 1200 }), replicas: fc.integer({ min: 1, max: 4 }) }),
    });
    fc.assert(
      fc.property(some, fc.nat(1000), ({ denials, pods, bar }, later) => {
        const all = facts({ profile: profile({ denials }), pods, bar });
        const first = promotionOf(all, TRIAL, now(30));
        if (first.observation.status !== 'True') return;
        expect(denials).to.equal(QUIET);
        expect(pods.filter((created) => created >= TRIAL.since).length).to.be.at.least(bar.replicas);
        expect(promotionOf(all, first.trial, now(30) + later * 1000).observation.status).to.equal('True');
      }),
    );
  });

  it('knows a profile that only logs by its spec', () => {
    expect(isLogging({ defaultAction: 'SCMP_ACT_LOG' })).to.equal(true);
    expect(isLogging({ complainMode: true }) && isLogging({ permissive: true })).to.equal(true);
    expect(isLogging({ defaultAction: 'SCMP_ACT_ERRNO', complainMode: false })).to.equal(false);
  });
});
