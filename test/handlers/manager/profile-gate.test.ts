// SPDX-License-Identifier: Apache-2.0
// Pods that wait for profiles: when the gate goes and when it stays, what is told, and when a kubelet is woken.
import { expect } from 'chai';
import type { SecurityProfileNodeStatus } from '../../../src/gen/crd/security-profile-node-status.ts';
import { ProfileGateHandler } from '../../../src/handlers/manager/profile-gate.ts';
import { ProfileReadiness } from '../../../src/handlers/manager/profile-readiness.ts';
import { managedPodSource } from '../../../src/handlers/sources/managed-pods.ts';
import type { ManagedPod } from '../../../src/handlers/sources/managed-pods.ts';
import type { DaemonNode } from '../../../src/handlers/sources/nodes.ts';
import type { Profile } from '../../../src/handlers/sources/profiles.ts';
import { APPARMOR } from '../../../src/handlers/sources/apparmor-profiles.ts';
import { RAW_SELINUX, SELINUX } from '../../../src/handlers/sources/selinux-profiles.ts';
import { SECCOMP } from '../../../src/handlers/sources/seccomp-profiles.ts';
import type { Outcome } from '../../../src/runtime/outcome.ts';
import type { NodeEntry } from '../../../src/core/status/aggregate.ts';
import { seccompProfile, Shelf } from '../../fakes/profiles.ts';

const GATE = 'spo.x-k8s.io/profile-installed';
const WAIT = 'spo.x-k8s.io/profile-wait-seconds';
const CREATED = Date.parse('2026-01-01T00:00:00Z');

interface PodParts {
  readonly metadata?: object;
  readonly spec?: object;
  readonly status?: object;
}

class World {
  readonly source = managedPodSource([SECCOMP, APPARMOR, SELINUX, RAW_SELINUX]);
  readonly selinux = new Shelf<Profile>();
  readonly profiles = new Shelf<Profile>();
  readonly pods = new Shelf<ManagedPod>();
  nodes: DaemonNode[] = [];
  time = CREATED;
  readonly ends: string[] = [];
  gated = 0;
  leaves = false;
  readonly handler = new ProfileGateHandler({
    source: this.source,
    pods: this.pods,
    watches: [],
    readiness: new ProfileReadiness(
      [
        { kind: SECCOMP, profiles: this.profiles },
        { kind: APPARMOR, profiles: new Shelf<Profile>() },
        { kind: SELINUX, profiles: this.selinux },
        { kind: RAW_SELINUX, profiles: new Shelf<Profile>() },
      ],
      () => this.nodes,
      'spo',
    ),
    departure: { isNear: () => this.leaves },
    counters: {
      opened: (end, seconds) => this.ends.push(`${end} ${String(seconds)}`),
      gated: (pods) => (this.gated = pods),
    },
    now: () => this.time,
  });

  /** A node whose report has no room for all profiles. */
  fullNode(name: string, entry?: NodeEntry): void {
    this.node(name, entry);
    const conditions = [{ type: 'Complete', status: 'False', reason: 'R', message: 'm', lastTransitionTime: 'T' }];
    this.nodes = this.nodes.map((node) => {
      const { nodeStatus } = node;
      if (node.name !== name || nodeStatus === undefined) return node;
      return { ...node, nodeStatus: { ...nodeStatus, status: { ...nodeStatus.status, conditions } as never } };
    });
  }

  node(name: string, entry?: NodeEntry, more: Partial<DaemonNode> = {}): void {
    const nodeStatus: SecurityProfileNodeStatus = {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'SecurityProfileNodeStatus',
      metadata: { name },
      nodeName: name,
      status: { profiles: entry === undefined ? {} : { 'SeccompProfile/ns/a': entry } },
    };
    this.nodes = [
      ...this.nodes.filter((node) => node.name !== name),
      { name, unreachable: false, nodeStatus, ...more },
    ];
  }

  pod({ metadata = {}, spec = {}, status = {} }: PodParts = {}): ManagedPod {
    const whole = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'ns', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata },
      spec: {
        schedulingGates: [{ name: 'other' }, { name: GATE }],
        securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'operator/ns/a.json' } },
        containers: [{ name: 'c', image: 'nginx' }],
        ...spec,
      },
      status,
    };
    return this.source.transform!(whole as unknown as ManagedPod);
  }

  apply(pod: ManagedPod): Promise<Outcome<ManagedPod>> {
    return this.handler.apply(pod);
  }
}

const installed: NodeEntry = { state: 'Installed', uid: 'a', generation: 1 };
const steps = (outcome: Outcome<ManagedPod>) => outcome.patches?.flatMap((patch) => patch.steps);
const opened = [
  { op: 'test', path: '/spec/schedulingGates/1/name', value: GATE },
  { op: 'remove', path: '/spec/schedulingGates/1' },
];
const text = (outcome: Outcome<ManagedPod>) => outcome.events?.map(({ reason, message }) => `${reason}: ${message}`);

describe('handlers/manager/profile-gate, SELinux', () => {
  const gated = (world: World): Promise<Outcome<ManagedPod>> =>
    world.apply(world.pod({ spec: { securityContext: { seLinuxOptions: { type: 'strict_ns.process' } } } }));

  it('waits for the one of two kinds that has the name, and for no type of others', async () => {
    const world = new World();
    world.node('n1');
    expect(steps(await gated(world))).to.deep.equal(opened);
    world.selinux.set({
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha2',
      kind: 'SelinuxProfile',
      metadata: { name: 'strict', namespace: 'ns', uid: 's', generation: 1 },
      spec: {},
    });
    expect((await gated(world)).patches).to.equal(undefined);
    world.time += 3000;
    const [event] = text(await gated(world)) ?? [];
    expect(event).to.match(/^WaitingForProfile: .*SelinuxProfile ns\/strict.*not yet on n1/);
    expect(event).to.not.include('Raw');
  });
});

describe('handlers/manager/profile-gate, AppArmor', () => {
  const unknown = { appArmorProfile: { type: 'Localhost', localhostProfile: 'docker-web' } };

  function gated(annotations: Readonly<Record<string, string>>): Promise<Outcome<ManagedPod>> {
    const world = new World();
    world.node('n1', installed);
    return world.apply(world.pod({ metadata: { annotations }, spec: { securityContext: unknown } }));
  }

  it('waits for no profile of the node, but for one of a binding that is not there yet', async () => {
    expect(steps(await gated({}))).to.deep.equal(opened);
    const waiting = await gated({ 'spo.x-k8s.io/profile-bindings': 'c=b' });
    expect(waiting.patches).to.equal(undefined);
    expect(waiting.requeueAfterMs).to.be.within(1, 2001);
  });
});

describe('handlers/manager/profile-gate', () => {
  let world: World;
  beforeEach(() => (world = new World()));

  it('opens the gate when the profile is on all nodes, and not before', async () => {
    world.profiles.set(seccompProfile('a'));
    world.node('n1', installed);
    world.node('n2');
    const waiting = await world.apply(world.pod());
    expect(waiting.patches).to.equal(undefined);
    expect(waiting.requeueAfterMs).to.be.within(1, 2001);
    expect(world.gated).to.equal(1);
    world.time += 700;
    world.node('n2', installed);
    expect(steps(await world.apply(world.pod()))).to.deep.equal(opened);
    expect(world.ends).to.deep.equal(['installed 0.7']);
    expect(world.gated).to.equal(0);
  });

  it('waits for the profile as it is now, not for an older one or one that had its name', async () => {
    world.profiles.set(seccompProfile('a', ['read'], { metadata: { generation: 2 } }));
    world.node('n1', installed);
    expect(steps(await world.apply(world.pod()))).to.equal(undefined);
    world.node('n1', { ...installed, generation: 2, uid: 'before' });
    expect(steps(await world.apply(world.pod()))).to.equal(undefined);
    world.node('n1', { ...installed, generation: 2 });
    expect(steps(await world.apply(world.pod()))).to.deep.equal(opened);
  });

  it('waits only for nodes on which the pod may run, and for none that cannot be reached', async () => {
    world.profiles.set(seccompProfile('a'));
    world.node('n1', installed, { labels: { zone: 'a' } });
    world.node('n2', undefined, { labels: { zone: 'b' } });
    world.node('n3', undefined, { labels: { zone: 'a' }, unreachable: true });
    expect(steps(await world.apply(world.pod()))).to.equal(undefined);
    expect(steps(await world.apply(world.pod({ spec: { nodeSelector: { zone: 'a' } } })))).to.deep.equal(opened);
    const named = (name: string) => ({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }],
        },
      },
    });
    expect(steps(await world.apply(world.pod({ spec: { affinity: named('n1') } })))).to.deep.equal(opened);
    expect(steps(await world.apply(world.pod({ spec: { affinity: named('n2') } })))).to.equal(undefined);
  });

  it('opens the gate of a pod that may run on no node yet, so that an autoscaler sees it', async () => {
    world.profiles.set(seccompProfile('a'));
    world.node('n1', undefined, { labels: { zone: 'a' } });
    const elsewhere = world.pod({ spec: { nodeSelector: { zone: 'b' } } });
    expect(steps(await world.apply(elsewhere))).to.deep.equal(opened);
    world.profiles.take('a');
    expect(steps(await world.apply(elsewhere)), 'without the profile').to.equal(undefined);
  });

  it('waits for the owner of a file that two profiles share', async () => {
    world.profiles.set(seccompProfile('a.json'));
    world.profiles.set(seccompProfile('a', ['read'], { metadata: { uid: 'owner' } }));
    world.node('n1', installed);
    expect(steps(await world.apply(world.pod()))).to.equal(undefined);
    world.node('n1', { ...installed, uid: 'owner' });
    expect(steps(await world.apply(world.pod()))).to.deep.equal(opened);
  });

  it('takes a profile for installed that had no room in a report, and none that stands there as another version', async () => {
    world.profiles.set(seccompProfile('a'));
    world.fullNode('n1');
    expect(steps(await world.apply(world.pod()))).to.deep.equal(opened);
    world.fullNode('n1', { ...installed, uid: 'before' });
    expect(steps(await world.apply(world.pod()))).to.equal(undefined);
  });

  it('says of a profile that no node will install why it is not', async () => {
    const metadata = { deletionTimestamp: '2026-01-01T00:00:00Z' };
    world.node('n1', { ...installed, state: 'Terminating' });
    for (const [profile, why] of [
      [seccompProfile('a', ['read'], { metadata }), 'which is being deleted, so that no node installs it any more'],
      [
        seccompProfile('a', ['read'], { spec: { disabled: true } }),
        'which no node installs, because it is disabled or a part of a recording',
      ],
    ] as const) {
      world.profiles.set(profile);
      const first = await world.apply(world.pod());
      world.time += 2001;
      const told = [first, await world.apply(world.pod())].flatMap((outcome) => text(outcome) ?? []);
      expect(told.join()).to.contain(
        `waits for the SeccompProfile ns/a, ${why}. It is scheduled as soon as that has changed`,
      );
    }
  });

  it('opens a gate at once that waits for no profile of ours', async () => {
    expect(steps(await world.apply(world.pod({ spec: { securityContext: {} } })))).to.deep.equal(opened);
  });

  it('tells what a pod waits for, after a moment, and again when that is another thing', async () => {
    const pod = world.pod();
    expect((await world.apply(pod)).events).to.equal(undefined);
    world.time += 2001;
    const first = await world.apply(pod);
    expect(text(first)).to.deep.equal([
      'WaitingForProfile: The pod waits for the SeccompProfile operator/ns/a.json, which does not exist. ' +
        'It is scheduled as soon as that has changed, at the latest 300 s after its creation',
    ]);
    expect(first.events?.[0]?.once).to.equal(true);
    expect(text(await world.apply(pod))).to.deep.equal([]);
    world.profiles.set(seccompProfile('a'));
    world.node('n1', { state: 'Error', uid: 'a', generation: 1, message: 'no seccomp here' });
    expect(text(await world.apply(pod))?.[0]).to.include(
      'the SeccompProfile ns/a, which n1 could not install: no seccomp',
    );
    world.nodes = [];
    expect(text(await world.apply(pod))?.[0]).to.include('because none runs the daemon');
  });

  for (const [name, annotations, seconds] of [
    ['five minutes where the pod says nothing', {}, 300],
    ['as long as the pod says', { [WAIT]: '20' }, 20],
    ['five minutes where the pod says nonsense', { [WAIT]: 'for ever' }, 300],
  ] as const) {
    it(`opens the gate without the profile after ${name}, with a warning`, async () => {
      const pod = world.pod({ metadata: { annotations } });
      await world.apply(pod);
      world.time += seconds * 1000 - 1;
      const last = await world.apply(pod);
      expect(steps(last)).to.equal(undefined);
      expect(last.requeueAfterMs).to.equal(1);
      world.time += 1;
      const end = await world.apply(pod);
      expect(steps(end)).to.deep.equal(opened);
      expect(text(end)).to.deep.equal([
        `ProfileWaitTimedOut: The pod is scheduled after ${String(seconds)} s without ` +
          'the SeccompProfile operator/ns/a.json, which does not exist. Its containers wait for the file',
      ]);
      expect(world.ends).to.deep.equal([`timeout ${String(seconds)}`]);
    });
  }

  it('goes on with the wait of a pod that an earlier manager saw', async () => {
    world.time += 299_000;
    world.pods.set(world.pod());
    world.handler.begin();
    expect((await world.apply(world.pod())).requeueAfterMs).to.equal(1000);
    world.time += 1000;
    expect(steps(await world.apply(world.pod()))).to.deep.equal(opened);
    expect(world.ends).to.deep.equal(['timeout 300']);
  });

  it('waits no less where its clock is ahead of that of the API server: of a pod that it saw come, it knows the age', async () => {
    world.handler.begin();
    world.time += 301_000;
    const pod = world.pod();
    expect(steps(await world.apply(pod))).to.equal(undefined);
    world.pods.set(pod);
    world.handler.begin();
    world.time += 299_999;
    expect((await world.apply(pod)).requeueAfterMs, 'though it has lost the lead and got it again').to.equal(1);
    world.time += 1;
    expect(steps(await world.apply(pod))).to.deep.equal(opened);
    expect(world.ends).to.deep.equal(['timeout 300']);
  });

  it('waits no longer where its clock is an hour behind that of the API server', async () => {
    world.time -= 3_600_000;
    const pod = world.pod();
    await world.apply(pod);
    world.time += 300_000;
    expect(steps(await world.apply(pod))).to.deep.equal(opened);
  });

  it('begins anew for another pod of the same name', async () => {
    world.time -= 3_600_000;
    await world.apply(world.pod());
    world.time += 200_000;
    const other = world.pod({ metadata: { uid: 'v' } });
    await world.apply(other);
    world.time += 200_000;
    expect(steps(await world.apply(other))).to.equal(undefined);
    await world.handler.gone({ namespace: 'ns', name: 'p' });
    expect(world.gated).to.equal(0);
  });

  it('opens every gate when the operator is uninstalled: nobody would do it afterwards', async () => {
    await world.apply(world.pod());
    world.leaves = true;
    const end = await world.apply(world.pod());
    expect(steps(end)).to.deep.equal(opened);
    expect(text(end)).to.deep.equal([
      'ProfileWaitTimedOut: The pod is scheduled without the SeccompProfile operator/ns/a.json, which does not exist, ' +
        'because the operator is being uninstalled',
    ]);
    expect(world.ends).to.deep.equal(['uninstalled 0']);
  });

  it('leaves the gate of a pod that is being deleted: it would never be scheduled', async () => {
    const pod = world.pod({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
    world.time += 400_000;
    expect(await world.handler.cleanup(pod)).to.deep.equal({});
  });

  describe('at the kubelet', () => {
    const waiting = {
      containerStatuses: [
        {
          state: {
            waiting: {
              reason: 'CreateContainerError',
              message: 'failed to create containerd container: cannot load seccomp profile "/x": no such file',
            },
          },
        },
      ],
    };
    const late = (annotations?: object, status: object = waiting): ManagedPod =>
      world.pod({
        metadata: { resourceVersion: '7', ...(annotations === undefined ? {} : { annotations }) },
        spec: { schedulingGates: undefined, nodeName: 'n1' },
        status,
      });
    const path = '/metadata/annotations/spo.x-k8s.io~1profile-installed';

    it('wakes it once the file is on its node, once for each version of the profile', async () => {
      world.profiles.set(seccompProfile('a'));
      world.node('n1');
      world.node('n2', installed);
      expect(await world.apply(late({}))).to.deep.equal({});
      world.node('n1', installed);
      expect(steps(await world.apply(late({})))).to.deep.equal([{ op: 'add', path, value: 'a.1' }]);
      expect(await world.apply(late({ 'spo.x-k8s.io/profile-installed': 'a.1' }))).to.deep.equal({});
      world.profiles.set(seccompProfile('a', ['read'], { metadata: { generation: 2 } }));
      world.node('n1', { ...installed, generation: 2 });
      const again = await world.apply(late({ 'spo.x-k8s.io/profile-installed': 'a.1' }));
      expect(steps(again)).to.deep.equal([{ op: 'add', path, value: 'a.2' }]);
    });

    it('wakes it where the report of its node has no room for the profile', async () => {
      world.profiles.set(seccompProfile('a'));
      world.fullNode('n1');
      expect(steps(await world.apply(late({})))).to.deep.equal([{ op: 'add', path, value: 'a.1' }]);
    });

    it('adds annotations to a pod that has none, unless others have done so meanwhile', async () => {
      world.profiles.set(seccompProfile('a'));
      world.node('n1', installed);
      expect(steps(await world.apply(late()))).to.deep.equal([
        { op: 'test', path: '/metadata/resourceVersion', value: '7' },
        { op: 'add', path: '/metadata/annotations', value: { 'spo.x-k8s.io/profile-installed': 'a.1' } },
      ]);
    });

    it('leaves pods alone that fail for another reason', async () => {
      world.profiles.set(seccompProfile('a'));
      world.node('n1', installed);
      const other = {
        containerStatuses: [{ state: { waiting: { reason: 'CreateContainerError', message: 'no disk' } } }],
      };
      expect(await world.apply(late({}, other))).to.deep.equal({});
      const loop = { containerStatuses: [{ state: { waiting: { reason: 'CrashLoopBackOff', message: 'seccomp' } } }] };
      expect(await world.apply(late({}, loop))).to.deep.equal({});
    });
  });

  it('looks at a pod again only when its wait may be concerned', () => {
    const { handler } = world;
    const pod = world.pod();
    expect(handler.predicate(pod, world.pod({ status: { phase: 'Pending' } }))).to.equal(false);
    expect(handler.predicate(pod, world.pod({ spec: { schedulingGates: [] } }))).to.equal(true);
    expect(handler.predicate(pod, world.pod({ spec: { nodeSelector: { a: 'b' } } }))).to.equal(true);
    expect(handler.predicate(pod, world.pod({ metadata: { uid: 'v' } }))).to.equal(true);
  });
});
