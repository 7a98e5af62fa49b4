// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { installationObjects } from '../../../src/core/deploy/installation.ts';
import type { Answer, ClusterFacts } from '../../../src/core/doctor/cluster-facts.ts';
import { judgeCluster } from '../../../src/core/doctor/cluster.ts';
import { FINALIZER, OBJECT, OPERATOR } from '../../../src/core/names.ts';
import { KINDS } from '../../../src/gen/kinds.ts';
import { ABSENT, configuration, DAY, definition, found, list, NOW, REFUSED, SOUND } from './cluster-facts.ts';

type Case = readonly [change: Partial<ClusterFacts>, check: string, state: string, words: RegExp];

function single(change: Partial<ClusterFacts['single']>): Partial<ClusterFacts> {
  return { single: { ...SOUND.single, ...change } };
}

function spod(status: object, name = 'security-profiles-operator'): Partial<ClusterFacts> {
  return single({ spods: list({ metadata: { name: 'spod', namespace: name, generation: 2 }, status }) });
}

function firstDefinition(answer: Answer): Partial<ClusterFacts> {
  return { definitions: [answer, ...SOUND.definitions.slice(1)] };
}

function certificate(from: number, until: number): Partial<ClusterFacts> {
  return { certificates: [{ type: 'found', validity: { from, until } }] };
}

const IGNORED = { type: 'OptionsInEffect', status: 'False', message: 'spec.x means nothing' };
const WAITING = { name: 'd', state: { waiting: { reason: 'CrashLoopBackOff' } } };
const DAEMON = { metadata: { name: 'p', labels: { name: 'spod' } }, spec: { nodeName: 'a' } };
const STUCK = {
  metadata: {
    name: 'n',
    namespace: 'x',
    deletionTimestamp: new Date(NOW - 2 * 60_000).toISOString(),
    finalizers: ['in-use-by-active-pods'],
  },
};
const HELD = { metadata: { name: 'h', namespace: 'x', finalizers: [FINALIZER.inUse] } };

const CASES: readonly Case[] = [
  [single({ version: REFUSED }), 'api', 'fail', /is forbidden.*kubeconfig/],
  [single({ version: ABSENT }), 'api', 'fail', /no \/version/],
  [firstDefinition(ABSENT), 'crds', 'fail', /apparmorprofiles is missing.*crds\//],
  [firstDefinition(REFUSED), 'crds', 'unknown', /administrator/],
  [firstDefinition(found(definition('v1'))), 'crds', 'fail', /does not serve v1alpha1/],
  [firstDefinition(found(definition('v1alpha1', { status: { storedVersions: ['v9'] } }))), 'crds', 'fail', /v9/],
  [firstDefinition(found(definition('v1alpha1', { status: {} }))), 'crds', 'fail', /not established/],
  [single({ deployment: found({}) }), 'manager', 'fail', /no replica/],
  [single({ deployment: REFUSED }), 'manager', 'unknown', /forbidden/],
  [single({ spods: REFUSED }), 'spod', 'unknown', /forbidden/],
  [single({ spods: list() }), 'spod', 'fail', /there is no/],
  [
    spod({ state: 'ERROR', observedGeneration: 2, conditions: [{ type: 'Ready', message: 'why' }] }),
    'spod',
    'fail',
    /ERROR: why/,
  ],
  [spod({ state: 'RUNNING', observedGeneration: 1 }), 'spod', 'warn', /not answered yet/],
  [spod({ state: 'RUNNING', observedGeneration: 2, conditions: [IGNORED] }), 'spod', 'warn', /means nothing/],
  [single({ daemonSet: ABSENT }), 'daemon', 'fail', /no DaemonSet/],
  [single({ daemonSet: REFUSED }), 'daemon', 'unknown', /forbidden/],
  [single({ daemonSet: found({ status: { desiredNumberScheduled: 2, numberReady: 1 } }) }), 'daemon', 'fail', /1 of 2/],
  [single({ daemonSet: found({}) }), 'daemon', 'warn', /no node/],
  [single({ reports: list() }), 'reports', 'fail', /no report of a/],
  [single({ reports: REFUSED }), 'reports', 'unknown', /forbidden/],
  [single({ policies: list() }), 'policies', 'warn', /node-reports.*1\.30/],
  [single({ policies: REFUSED }), 'policies', 'unknown', /forbidden/],
  [single({ endpoints: list() }), 'webhooks', 'fail', /nobody answers.*refuses the pods that binding/],
  [{ webhooks: [configuration(NOW - DAY), ABSENT] }, 'webhooks', 'fail', /certificates that are over/],
  [{ webhooks: [found({ webhooks: [{ name: 'w' }] }), ABSENT] }, 'webhooks', 'fail', /trusts no certificate/],
  [
    { webhooks: [found({ webhooks: [{ name: 'w', clientConfig: { caBundle: '%' } }] })] },
    'webhooks',
    'fail',
    /no cert/,
  ],
  [{ webhooks: [ABSENT, ABSENT] }, 'webhooks', 'warn', /no webhook configurations/],
  [{ webhooks: [REFUSED, ABSENT] }, 'webhooks', 'unknown', /forbidden/],
  [{ webhooks: [configuration(NOW + DAY, 'Ignore')] }, 'webhooks', 'ok', /none refuses/],
  [{ certificates: [ABSENT] }, 'certificates', 'warn', /there is no secret/],
  [{ certificates: [{ type: 'refused', why: 'no' }] }, 'certificates', 'unknown', /no/],
  [{ certificates: [{ type: 'found', validity: undefined }] }, 'certificates', 'fail', /cannot|can be read/],
  [certificate(NOW + DAY, NOW + 9 * DAY), 'certificates', 'fail', /not valid before 2026-11-30.*clock/],
  [certificate(NOW - 9 * DAY, NOW - DAY), 'certificates', 'fail', /until 2026-11-28/],
  [certificate(NOW - 9 * DAY, NOW + DAY), 'certificates', 'warn', /2026-11-30 only/],
  [{ objects: [list(STUCK)] }, 'deletions', 'warn', /apparmorprofiles x\/n \(in-use-by-active-pods\)/],
];

function findingOf(facts: Partial<ClusterFacts>, check: string) {
  return judgeCluster({ ...SOUND, ...facts }).find((finding) => finding.check === check);
}

describe('findings about a cluster', () => {
  it('has nothing to say against a sound one', () => {
    const findings = judgeCluster(SOUND);
    expect(findings.filter(({ state }) => state !== 'ok')).to.deep.equal([]);
    expect(findings.every(({ about }) => about === 'cluster')).to.equal(true);
  });

  for (const [change, check, state, words] of CASES) {
    it(`says ${state} of ${check}: ${words.source}`, () => {
      const finding = findingOf(change, check);
      expect(finding?.state).to.equal(state);
      expect(`${finding?.message ?? ''} -> ${finding?.advice ?? ''}`).to.match(words);
    });
  }

  it('asks no further where the API server does not answer', () => {
    expect(judgeCluster({ ...SOUND, ...single({ version: REFUSED }) })).to.have.length(1);
  });

  it('tells of a second operator', () => {
    const spods = ['security-profiles-operator', 'other'].map((namespace) => ({
      metadata: { name: 'spod', namespace },
    }));
    const said = judgeCluster({ ...SOUND, ...single({ spods: list(...spods) }) }).map(({ message }) => message);
    expect(said).to.include('there are others, too: other/spod');
  });

  it('tells what nodes report, and which containers wait', () => {
    const reports = list(
      {
        nodeName: 'a',
        status: { failed: 2, conditions: [{ type: 'Complete', status: 'False', message: 'too many' }] },
      },
      { nodeName: 'gone', status: {} },
    );
    const pods = list({ ...DAEMON, status: { containerStatuses: [WAITING] } });
    const said = judgeCluster({ ...SOUND, ...single({ reports, pods }) }).map(({ message }) => message);
    expect(said).to.include.members([
      'reports of nodes that are gone: gone',
      'a: too many',
      'profiles with errors on a (2)',
      'containers wait: p d: CrashLoopBackOff',
    ]);
  });

  it('does not tell of pods of the webhook that it could not count', () => {
    expect(findingOf(single({ endpoints: REFUSED }), 'webhooks')).to.include({ state: 'ok' });
  });
});

describe('findings after an uninstallation', () => {
  const gone = {
    ...SOUND,
    single: {
      ...SOUND.single,
      ...{ deployment: ABSENT, daemonSet: ABSENT, pods: list(), home: ABSENT, account: ABSENT },
      ...{ policies: list(), roles: list(), bindings: list() },
    },
    definitions: KINDS.map(() => ABSENT),
    objects: KINDS.map(() => ABSENT),
    webhooks: [ABSENT, ABSENT],
  };

  it('says that nothing is left', () => {
    expect(judgeCluster(gone).map(({ check, state }) => `${check} ${state}`)).to.deep.equal([
      'api ok',
      'operator warn',
      'leftovers ok',
    ]);
  });

  it('names everything that is left', () => {
    const left = {
      ...gone,
      single: {
        ...gone.single,
        daemonSet: found({}),
        pods: SOUND.single.pods,
        policies: SOUND.single.policies,
        roles: SOUND.single.roles,
        bindings: list({ metadata: { name: OBJECT.departureRole } }),
      },
      definitions: SOUND.definitions,
      objects: KINDS.map((_, index) => (index === 0 ? list(STUCK, HELD, { metadata: { name: 'b' } }) : list())),
      webhooks: [found({}), ABSENT],
    };
    const findings = judgeCluster(left).filter(({ check }) => check === 'leftovers');
    expect(findings.map(({ state, message }) => `${state} ${message}`)).to.deep.equal([
      'fail mutatingwebhookconfigurations spo-mutating-webhook-configuration',
      'fail held by finalizers: apparmorprofiles x/n (in-use-by-active-pods)',
      `warn have finalizers that nobody takes off, so their deletion will wait: apparmorprofiles x/h (${FINALIZER.inUse})`,
      'warn 8 definitions (CRDs), with 3 apparmorprofiles',
      'warn admission policies: security-profiles-operator-node-reports, security-profiles-operator-recorded-profiles, ' +
        'security-profiles-operator-pods, security-profiles-operator-log-profile, security-profiles-operator-manager-pods ' +
        'and 10 more',
      'warn cluster roles and their bindings: spod, security-profiles-operator-departure',
      'warn pods and DaemonSet in security-profiles-operator: security-profiles-operator/spod-x',
    ]);
    expect(findings.every(({ advice }) => advice !== undefined)).to.equal(true);
  });

  it('does not call clean what it may not see', () => {
    const asked = ['home', 'account', 'policies', 'roles', 'bindings', 'daemonSet', 'pods'] as const;
    const blind = asked.map((one) => ({ ...gone, single: { ...gone.single, [one]: REFUSED } }));
    for (const facts of [{ ...gone, webhooks: [REFUSED, REFUSED] }, ...blind])
      expect(judgeCluster(facts).at(-1)).to.include({ check: 'leftovers', state: 'unknown' });
  });

  it('names the account that holds its namespace for a manager that was killed, and the command that ends it', () => {
    const metadata = { name: OPERATOR, namespace: OPERATOR, finalizers: [FINALIZER.departure] };
    const left = (home: Answer) =>
      judgeCluster({ ...gone, single: { ...gone.single, home, account: found({ metadata }) } }).find(
        ({ check }) => check === 'leftovers',
      );
    const going = found({ metadata: { name: OPERATOR, deletionTimestamp: new Date(NOW).toISOString() } });
    expect(left(going)).to.deep.include({
      state: 'fail',
      message:
        `serviceaccounts ${OPERATOR}/${OPERATOR} (${FINALIZER.departure}) waits for a manager that leaves, ` +
        `and so does the deletion of the namespace ${OPERATOR}`,
      advice:
        `when no pod of it runs any more, it was killed: kubectl -n ${OPERATOR} patch serviceaccount ${OPERATOR} ` +
        `--type=merge -p '{"metadata":{"finalizers":null}}'`,
    });
    expect(left(SOUND.single.home)?.message).to.match(/a manager that leaves$/);
  });
});

describe('core/doctor/cluster: policies', () => {
  it('are all that an installation has', () => {
    const installation = { namespace: 'op', image: 'i', kubeletDir: '/var/lib/kubelet', restrictTo: [] };
    const objects = installationObjects(installation, { manager: [], daemon: [], webhook: [] });
    const items = objects.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');
    const finding = (there: readonly object[]) =>
      judgeCluster({ ...SOUND, single: { ...SOUND.single, policies: list(...there) } }).find(
        ({ check }) => check === 'policies',
      );
    expect(finding(items)?.state).to.equal('ok');
    for (const missing of items) {
      const found = finding(items.filter((one) => one !== missing));
      expect(found?.message).to.equal(`missing: ${missing.metadata.name}`);
    }
  });
});
