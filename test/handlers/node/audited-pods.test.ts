// SPDX-License-Identifier: Apache-2.0
// The containers of pods as they come, are started anew and go.
import { expect } from 'chai';
import { AuditedPods } from '../../../src/handlers/node/audited-pods.ts';
import type { AuditedPod, PodContainer } from '../../../src/handlers/node/audited-pods.ts';

function make(): { readonly pods: AuditedPods; readonly heard: string[] } {
  const heard: string[] = [];
  const pods = new AuditedPods(
    { fieldSelector: 'spec.nodeName=n' },
    {
      placed: (id, { namespace, pod, container, isRecorded, started, ended }) =>
        heard.push(
          `${id} is ${namespace}/${pod}/${container}${isRecorded ? ` recorded from ${String(started)} to ${String(ended)}` : ''}`,
        ),
      left: (id) => heard.push(`${id} left`),
    },
  );
  return { pods, heard };
}

function podWith(status: Readonly<Record<string, unknown>>): AuditedPod {
  const metadata = { name: 'web', namespace: 'ns', uid: 'u', labels: { a: 'b' } };
  return { apiVersion: 'v1', kind: 'Pod', metadata, status };
}

const running = (name: string, id: string) => ({ name, containerID: `containerd://${id}` });

describe('handlers/node/audited-pods', () => {
  it('keeps only the ids of containers of a pod', () => {
    const { pods } = make();
    const kept = pods.source.transform?.(
      podWith({
        phase: 'Running',
        initContainerStatuses: [running('init', 'a')],
        containerStatuses: [
          { ...running('main', 'b'), lastState: { terminated: { containerID: 'containerd://c' } } },
          { name: 'waiting', containerID: '' },
          { name: 'new' },
        ],
        ephemeralContainerStatuses: [running('debug', 'd')],
      }),
    );
    expect(kept).to.deep.equal({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'ns', uid: 'u' },
      containers: { a: 'init', b: 'main', c: 'main', d: 'debug' },
    });
  });

  it('tells under which of our seccomp profiles a container runs', async () => {
    const heard: unknown[] = [];
    const listener = {
      placed: (id: string, { localhost }: PodContainer) => heard.push([id, localhost]),
      left: () => undefined,
    };
    const pods = new AuditedPods({ fieldSelector: 'spec.nodeName=n' }, listener);
    const of = (localhostProfile: string) => ({
      securityContext: { seccompProfile: { type: 'Localhost', localhostProfile } },
    });
    const spec = {
      ...of('operator/ns/pod.json'),
      containers: [
        { name: 'own', ...of('operator/ns/own.json') },
        { name: 'inherits' },
        { name: 'other', ...of('foreign.json') },
        { name: 'runtime', securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
      ],
    };
    const names = ['own', 'inherits', 'other', 'runtime'];
    const status = { containerStatuses: names.map((name) => running(name, name)) };
    const kept = pods.source.transform!({ ...podWith(status), spec });
    await pods.apply(kept);
    expect(heard).to.deep.equal([
      ['own', 'operator/ns/own.json'],
      ['inherits', 'operator/ns/pod.json'],
      ['other', undefined],
      ['runtime', undefined],
    ]);
  });

  it('tells which containers come and go', async () => {
    const { pods, heard } = make();
    const seen = (status: Readonly<Record<string, unknown>>) => pods.source.transform!(podWith(status));
    const before = seen({ containerStatuses: [running('main', 'a')] });
    const after = seen({ containerStatuses: [running('main', 'b')] });
    await pods.apply(before);
    expect(pods.predicate(before, seen({ phase: 'x', containerStatuses: [running('main', 'a')] }))).to.equal(false);
    expect(pods.predicate(before, after)).to.equal(true);
    await pods.apply(after);
    await pods.gone({ namespace: 'ns', name: 'web' });
    await pods.gone({ namespace: 'ns', name: 'other' });
    expect(heard).to.deep.equal(['a is ns/web/main', 'b is ns/web/main', 'a left', 'b left']);
  });

  it('tells which of them annotations say to record from the log', async () => {
    const { pods, heard } = make();
    const state = { running: { startedAt: '1970-01-01T00:00:07Z' } };
    const ended = { startedAt: '1970-01-01T00:00:02Z', finishedAt: '1970-01-01T00:00:03Z' };
    const lastState = { terminated: { ...ended, containerID: 'containerd://c' } };
    const status = {
      containerStatuses: [
        { ...running('main', 'a'), state, lastState },
        { ...running('side', 'b'), state },
      ],
      ephemeralContainerStatuses: [{ ...running('debug', 'd'), state }],
    };
    const pod = podWith(status);
    const annotations = {
      'io.containers.trace-logs/main': 'rec_main_abcde_1700000000',
      'io.containers.trace-bpf/side': 'rec_side_abcde_1700000000',
    };
    const localhostProfile = 'operator/security-profiles-operator/log-enricher-trace.json';
    const spec = {
      ephemeralContainers: [{ name: 'debug', securityContext: { seccompProfile: { localhostProfile } } }],
    };
    const before = pods.source.transform!(pod);
    const after = pods.source.transform!({ ...pod, metadata: { ...pod.metadata, annotations }, spec });
    expect(pods.predicate(before, after)).to.equal(true);
    await pods.apply(after);
    expect([...heard].sort()).to.deep.equal([
      'a is ns/web/main recorded from 7000 to undefined',
      'b is ns/web/side',
      'c is ns/web/main recorded from 2000 to 3000',
      'd is ns/web/debug recorded from 7000 to undefined',
    ]);
  });
});
