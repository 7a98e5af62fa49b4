// SPDX-License-Identifier: Apache-2.0
// A profile goes from its log-only twin to being enforced and back: step by step, and the laws over whole lives.
import { expect } from 'chai';
import fc from 'fast-check';
import { enforcementOf } from '../../../src/core/binding/enforcement.ts';
import type { Enforcement, EnforcementFacts } from '../../../src/core/binding/enforcement.ts';
import { heardFrom } from '../../../src/core/status/denials.ts';
import type { Heard, ProfileDenial } from '../../../src/core/status/denials.ts';
import { rfc3339 } from '../../../src/core/status/time.ts';
import type { ProfileTrial } from '../../../src/gen/crd/profile-binding.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const ms = (minute: number): number => START + minute * 60_000;
const at = (minute: number): string => rfc3339(ms(minute));
const denial = (minute: number, enforced = false, call = 'bpf'): ProfileDenial => ({
  call,
  enforced,
  by: 'app',
  last: at(minute),
});
const heard = (denials: readonly ProfileDenial[] = [], isAudited = true): Heard =>
  heardFrom([{ nodeName: 'n1', denials, isAudited }]);
const installed = (of: Heard = heard(), generation = 1, uid = 'twin') =>
  ({ type: 'installed', uid, generation, heard: of }) as const;
const author = (more: object = {}) => ({
  uid: 'u',
  generation: 1,
  isInstalled: true,
  refuses: true,
  unlogged: undefined,
  heard: heard(),
  ...more,
});

const facts = (more: Partial<EnforcementFacts> = {}): EnforcementFacts => ({
  mode: 'Enforce',
  title: 'SeccompProfile web',
  profile: author(),
  twinName: 'web-audit-x',
  twinHash: 'h',
  twin: installed(),
  audited: [at(11), at(12)],
  enforced: 0,
  bar: { afterSeconds: 600, replicas: 2 },
  chance: undefined,
  ...more,
});
const BEGUN: ProfileTrial = {
  profileUID: 'u',
  profileGeneration: 1,
  phase: 'Auditing',
  since: at(10),
  twinName: 'web-audit-x',
  twinUID: 'twin',
  twinGeneration: 1,
  twinHash: 'h',
};
const next = (more: Partial<EnforcementFacts>, minute = 30, before: ProfileTrial | undefined = BEGUN): Enforcement =>
  enforcementOf(facts(more), before, ms(minute));
const text = ({ promotable: [status, reason, message] }: Enforcement): string => `${status} ${reason}: ${message}`;

describe('core/binding/enforcement', () => {
  it('begins under the twin, once that is on all nodes', () => {
    const pending = enforcementOf(facts({ twin: { type: 'pending', message: 'is being made' } }), undefined, ms(1));
    expect(text(pending)).to.equal('Unknown TwinNotReady: is being made');
    expect(pending.trial).to.include({ phase: 'Auditing', auditedPods: 2 });
    expect(pending.trial?.twinUID).to.equal(undefined);
    const begun = enforcementOf(facts(), pending.trial, ms(2));
    expect(begun).to.deep.include({ step: 'TrialBegun' });
    expect(begun.trial).to.deep.include({ since: at(2), twinUID: 'twin', countsOlder: true });
    expect(begun.enforced[1]).to.equal('Auditing');
    expect(begun.enforced[2]).to.match(/^new pods run under web-audit-x, which only logs what the SeccompProfile web/);
    expect(enforcementOf(facts(), begun.trial, ms(3)).step).to.equal(undefined);
  });

  it('promotes where nothing was logged in enough pods for long enough, and says which pods stay under the twin', () => {
    expect(text(next({}, 21))).to.match(/^False TooEarly: 2 pods must have run for 600 s/);
    expect(next({}, 21).againMs).to.equal(60_000);
    expect(text(next({ audited: [at(11)] }))).to.match(/^False TooFewReplicas/);
    expect(text(next({ audited: [at(9), at(12)] })), 'of another form of the twin').to.match(/^False TooFewReplicas/);
    expect(next({ audited: [at(9), at(12)] }, 30, { ...BEGUN, countsOlder: true }).step).to.equal('Promoted');
    const { step, trial, enforced } = next({});
    expect(step).to.equal('Promoted');
    expect(trial).to.deep.include({ phase: 'Enforcing', since: at(30), auditedPods: 2, enforcedPods: 0 });
    expect(enforced.slice(0, 2)).to.deep.equal(['True', 'Promoted']);
    expect(enforced[2]).to.include('2 older pods run under the log-only twin web-audit-x until made anew');
  });

  it('only says so in mode Audit, and takes enforcement back when the mode becomes Audit', () => {
    const { promotable, step, trial } = next({ mode: 'Audit' });
    expect([promotable[0], promotable[1], step]).to.deep.equal(['True', 'PromotionProposed', undefined]);
    expect(promotable[2]).to.match(/set spec.enforcement.mode: Enforce of the binding$/);
    expect(trial?.phase).to.equal('Auditing');
    const enforcing = next({}).trial;
    expect(next({ mode: 'Audit' }, 31, enforcing).trial).to.include({ phase: 'Auditing', since: at(31) });
  });

  it('waits until the last denial is old enough, and for pods that came after it', () => {
    const loud = { twin: installed(heard([denial(15)])), audited: [at(11), at(12)] };
    expect(text(next(loud, 20))).to.equal('False CallsLogged: logged, not denied: bpf (app)');
    expect(next(loud, 20).againMs).to.equal(6 * 60_000);
    expect(text(next(loud, 40))).to.match(/^False TooFewReplicas: .* since the last denial at/);
    expect(next({ ...loud, audited: [at(17), at(18)] }, 40).step).to.equal('Promoted');
    const noted = next(loud, 20).trial;
    expect(noted?.lastDenial).to.equal(at(15));
    expect(text(next({ audited: [at(11)] }, 20, noted)), 'though no node tells of it any more').to.match(
      /^False CallsL/,
    );
  });

  it('promotes nothing where nobody hears, nothing is refused, or a roll-back were impossible', () => {
    expect(text(next({ twin: installed(heard([], false)) }))).to.match(
      /^Unknown NoAuditSource: no audit log is read on/,
    );
    expect(text(next({ profile: author({ refuses: false }) }))).to.match(/^False LogsOnly/);
    expect(text(next({ profile: author({ unlogged: 'no flag' }) }))).to.match(/^False DenialsNotLogged: .*: no flag$/);
    expect(text(next({ profile: undefined }))).to.match(/^Unknown ProfileNotReady/);
  });

  it('asks for evidence where the bar does, and takes unknown for no', () => {
    const bar = { afterSeconds: 600, replicas: 2, maxNewCallChance: 0.1 };
    expect(text(next({ bar }))).to.match(/^Unknown ChanceUnknown/);
    expect(text(next({ bar, chance: { estimate: 0.05, low: 0, high: 0.2 } }))).to.match(
      /^False ChanceTooHigh: .* is 5.0 % \(95 % interval: 0 % to 20 %\); the upper end may be 0.1 at most/,
    );
    expect(next({ bar, chance: { estimate: 0.01, low: 0, high: 0.1 } }).step).to.equal('Promoted');
  });

  it('rolls back for a denial, once, and begins anew with another profile', () => {
    const enforcing = next({}).trial;
    const denied = { profile: author({ heard: heard([denial(31, true)]) }), enforced: 1 };
    const back = next(denied, 32, enforcing);
    expect(back.step).to.equal('RolledBack');
    expect(back.trial).to.deep.include({ phase: 'Auditing', rolledBack: true, lastDenial: at(31), since: at(32) });
    expect(back.enforced).to.deep.equal([
      'False',
      'RolledBack',
      `denied: bpf (app); new pods run under web-audit-x, which only logs what the SeccompProfile web would refuse, ` +
        `since ${at(32)}; 1 older pod runs under the profile itself until made anew`,
    ]);
    expect(next(denied, 33, back.trial).step).to.equal(undefined);
    const logged = next({ ...denied, twin: installed(heard([denial(40)])) }, 41, back.trial);
    expect(logged.trial?.lastDenial).to.equal(at(40));
    expect(logged.enforced[2]).to.match(/^the enforced profile denied something; new pods run under web-audit-x/);
    const again = next({ ...denied, audited: [at(33), at(34)] }, 60, back.trial);
    expect(again.step).to.equal('Promoted');
    expect(next(denied, 61, again.trial).trial?.phase, 'the same denial').to.equal('Enforcing');
    const other = next({ profile: author({ generation: 2 }), twin: installed(heard(), 2) }, 61, again.trial);
    expect(other.step).to.equal('TrialBegun');
    expect(other.trial).to.include({ phase: 'Auditing', since: at(61), profileGeneration: 2 });
    expect(other.trial?.countsOlder).to.equal(undefined);
  });

  it('binds nothing where there can be no twin, and says why; an enforced profile stays', () => {
    const twin = { type: 'impossible', reason: 'ProfileNotAllowed', message: 'beyond the limit' } as const;
    const none = next({ twin });
    expect(none.trial).to.include({ phase: 'Impossible' });
    expect(text(none)).to.match(/^False ProfileNotAllowed: no pod can be bound to try the profile: beyond/);
    const denied = author({ heard: heard([denial(31, true)]) });
    const stays = next({ twin, profile: denied }, 32, next({}).trial);
    expect(stays.trial?.phase).to.equal('Enforcing');
    expect(stays.enforced[2]).to.match(/it denies calls and cannot be rolled back: beyond the limit$/);
    const unknown = next({ twin, twinHash: undefined }, 32, next({}).trial);
    expect(unknown.trial, 'though its form cannot be compared').to.include({ phase: 'Enforcing', twinHash: 'h' });
    const denials = { ...BEGUN, rolledBack: true, lastDenial: at(20) };
    const lost = next({ twin, twinHash: undefined }, 32, denials).trial;
    expect(lost).to.include({ phase: 'Impossible', twinHash: 'h', lastDenial: at(20) });
    expect(next({}, 33, lost).trial, 'what was known of its denials').to.include({ lastDenial: at(20), since: at(33) });
  });

  it('knows nothing of older forms of a twin that was changed or made anew', () => {
    const anew = next({ twin: installed(heard(), 1, 'other') });
    expect(anew.trial).to.deep.include({ since: at(30), twinUID: 'other' });
    expect(anew.trial?.countsOlder).to.equal(undefined);
    expect(next({ twin: installed(heard(), 2) }).trial).to.deep.include({ since: at(30), twinGeneration: 2 });
    const enforcing = next({}).trial;
    expect(next({ twin: installed(heard(), 1, 'other') }, 31, enforcing).trial?.phase).to.equal('Enforcing');
  });

  it('rolls back also while some node lacks the profile, and begins nothing then', () => {
    const enforcing = next({}).trial;
    const lacking = (more: object = {}) => ({ profile: author({ isInstalled: false, ...more }) });
    expect(next(lacking(), 31, enforcing).trial?.phase).to.equal('Enforcing');
    expect(next(lacking({ heard: heard([denial(31, true)]) }), 32, enforcing).step).to.equal('RolledBack');
    const changed = next(lacking({ generation: 2 }), 32, enforcing);
    expect(text(changed)).to.match(/^Unknown ProfileNotReady/);
    expect(changed.trial).to.include({ profileGeneration: 1 });
    expect(text(next(lacking(), 31, undefined))).to.match(/^Unknown ProfileNotReady/);
  });

  /** A life: minutes with what happens in each of them. */
  const event = fc.oneof(
    fc.constant({ type: 'pod' as const }),
    fc.constant({ type: 'logged' as const }),
    fc.constant({ type: 'denied' as const }),
    fc.constant({ type: 'quiet' as const }),
    fc.constant({ type: 'deaf' as const }),
    fc.constant({ type: 'changed' as const }),
  );
  const life = fc.record({
    events: fc.array(event, { minLength: 1, maxLength: 60 }),
    after: fc.integer({ min: 0, max: 8 }),
    replicas: fc.integer({ min: 1, max: 3 }),
  });

  it('over whole lives: no promotion beside a young denial, deafness or too few pods; one roll-back for each denial', () => {
    fc.assert(
      fc.property(life, ({ events, after, replicas }) => {
        let trial: ProfileTrial | undefined;
        let generation = 1;
        let [pods, logged, denied]: [number[], ProfileDenial[], ProfileDenial[]] = [[], [], []];
        const rolledBackFor = new Set<string>();
        events.forEach(({ type }, minute) => {
          if (type === 'pod') pods.push(minute);
          if (type === 'logged') logged = [denial(minute)];
          if (type === 'denied') denied = [denial(minute, true)];
          if (type === 'changed') [generation, pods, logged, denied] = [generation + 1, [], [], []];
          const isAudited = type !== 'deaf';
          const seen = {
            profile: author({ generation, heard: heard(denied, isAudited) }),
            twin: installed(heard(logged, isAudited), generation),
            twinHash: String(generation),
            audited: pods.map(at),
            bar: { afterSeconds: after * 60, replicas },
          };
          const before: ProfileTrial | undefined = trial;
          const result = enforcementOf(facts(seen), before, ms(minute));
          trial = result.trial;
          if (result.step === 'Promoted') {
            expect(isAudited).to.equal(true);
            const last = Math.max(...[...logged, ...denied].map((one) => Date.parse(one.last)), 0);
            expect(ms(minute) - last).to.be.at.least(after * 60_000);
            const old = pods.filter((pod) => ms(pod) > last && minute - pod >= after);
            expect(old.length).to.be.at.least(replicas);
          }
          if (result.step === 'RolledBack') {
            expect(before?.phase).to.equal('Enforcing');
            const [{ last }] = denied as [ProfileDenial];
            expect(rolledBackFor.has(`${String(generation)} ${last}`)).to.equal(false);
            rolledBackFor.add(`${String(generation)} ${last}`);
          }
          if (before?.phase === 'Enforcing' && type === 'denied') expect(result.step).to.equal('RolledBack');
          // Nothing has changed: nothing happens again.
          expect(enforcementOf(facts(seen), trial, ms(minute)).step ?? '').to.not.match(/TrialBegun|RolledBack/);
        });
      }),
      { numRuns: 500 },
    );
  });
});
