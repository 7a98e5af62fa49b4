// SPDX-License-Identifier: Apache-2.0
// Pods that a recording wants, those that only say so, and those that nobody wants.
import { expect } from 'chai';
import { printRequest } from '../../../src/core/recording/request.ts';
import type { ProfileRecording } from '../../../src/gen/crd/profile-recording.ts';
import { RecordingChoice } from '../../../src/handlers/node/recording-choice.ts';
import { RECORDINGS } from '../../../src/handlers/sources/admission-state.ts';
import { recordablePodSource } from '../../../src/handlers/sources/recordable-pods.ts';
import type { RecordablePod } from '../../../src/handlers/sources/recordable-pods.ts';
import type { Reader } from '../../../src/runtime/handler.ts';
import type { KubeObject, ObjectKey } from '../../../src/runtime/object.ts';

const PODS = recordablePodSource({ fieldSelector: 'spec.nodeName=n' });
const BPF = 'io.containers.trace-bpf/';
const LOGS = 'io.containers.trace-logs/';

/** Objects of the test as a reader. */
class Objects<T extends KubeObject> implements Reader<T> {
  objects: readonly T[] = [];

  get({ namespace, name }: ObjectKey): T | undefined {
    return this.objects.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  }

  list(): readonly T[] {
    return this.objects;
  }

  index(valuesOf: (object: T) => readonly string[]): (value: string) => readonly T[] {
    return (value) => this.objects.filter((object) => valuesOf(object).includes(value));
  }

  isWithheld(): boolean {
    return false;
  }
}

function request(recording: string, container = 'main'): string {
  return printRequest({ recording, container, nonce: 'abcde', since: 1 });
}

function podWith(annotations: Readonly<Record<string, string>>, more: object = {}): RecordablePod {
  const metadata = { name: 'web', namespace: 'ns', uid: 'u', labels: { app: 'web' }, annotations };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata, ...more } as KubeObject as RecordablePod;
  return PODS.transform!(pod);
}

function recording(name: string, spec: Partial<ProfileRecording['spec']> = {}): ProfileRecording {
  const usual = { kind: 'SeccompProfile', recorder: 'bpf', podSelector: { matchLabels: { app: 'web' } } } as const;
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'ProfileRecording',
    metadata: { name, namespace: 'ns' },
    spec: { ...usual, ...spec },
  };
}

describe('handlers/node/recording-choice', () => {
  let pods: Objects<RecordablePod>;
  let recordings: Objects<ProfileRecording>;
  let choice: RecordingChoice;
  let changes: number;

  beforeEach(() => {
    pods = new Objects();
    recordings = new Objects();
    changes = 0;
    choice = new RecordingChoice({
      recorder: 'bpf',
      pods: { source: PODS, reader: pods },
      recordings: { source: RECORDINGS, reader: recordings },
      changed: () => (changes += 1),
    });
  });

  it('believes an annotation where a recording says the same', () => {
    pods.objects = [podWith({ [`${BPF}main`]: `${request('other')},${request('mine')}` })];
    expect(choice.verdict('u')).to.equal('unknown');
    for (const spec of [
      { recorder: 'logs' },
      { kind: 'AppArmorProfile' },
      { podSelector: { matchLabels: { app: 'db' } } },
      { containers: ['side'] },
    ] as const) {
      recordings.objects = [recording('mine', spec)];
      expect(choice.verdict('u'), JSON.stringify(spec)).to.equal('unknown');
    }
    recordings.objects = [recording('mine', { containers: ['main'] })];
    expect(choice.verdict('u')).to.deep.equal({ pod: 'u' });
  });

  it('ignores pods that ask for nothing of this recorder, and does not know others', () => {
    pods.objects = [podWith({ [`${LOGS}main`]: request('mine'), 'io.containers.trace-bpf': 'x' })];
    recordings.objects = [recording('mine', { recorder: 'logs' })];
    expect([choice.verdict('u'), choice.verdict('v'), choice.isWanted]).to.deep.equal(['ignored', 'unknown', false]);
    recordings.objects = [recording('mine')];
    expect(choice.isWanted).to.equal(true);
  });

  it('knows a static pod by the UID that its control group names', () => {
    pods.objects = [podWith({ [`${BPF}main`]: request('mine'), 'kubernetes.io/config.mirror': 'hash' })];
    recordings.objects = [recording('mine')];
    expect([choice.verdict('hash'), choice.verdict('u')]).to.deep.equal([{ pod: 'u' }, 'unknown']);
  });

  it('hears of recordings, and of pods by the recordings that they name', async () => {
    await choice.apply();
    await choice.gone();
    const keys = choice.watches[0]?.mapToKeys(
      podWith({ [`${BPF}main`]: request('mine'), [`${LOGS}main`]: request('x') }),
    );
    expect([changes, keys]).to.deep.equal([2, [{ namespace: 'ns', name: 'mine' }]]);
  });

  it('keeps of a pod that is not recorded its name only, and of another its containers', () => {
    const terminated = { containerID: 'containerd://a', finishedAt: '2026-01-01T00:00:00Z' };
    const status = {
      phase: 'Running',
      containerStatuses: [{ name: 'main', containerID: 'containerd://b', imageID: 'i@d', lastState: { terminated } }],
      initContainerStatuses: [{ name: 'init', containerID: '', imageID: '' }],
    };
    const more = { spec: { restartPolicy: 'Never', containers: [] }, status };
    expect(podWith({ a: 'b' }, more)).to.deep.equal({
      apiVersion: 'v1',
      kind: 'Pod',
      nodeUid: 'u',
      metadata: { name: 'web', namespace: 'ns', uid: 'u' },
    });
    const annotations = { [`${BPF}main`]: request('mine') };
    expect(podWith({ ...annotations, a: 'b' }, more)).to.deep.include({
      metadata: { name: 'web', namespace: 'ns', uid: 'u', labels: { app: 'web' }, annotations },
      restartPolicy: 'Never',
      hasEnded: false,
      containers: {
        a: { name: 'main', image: 'i@d', ended: '2026-01-01T00:00:00Z', isSettled: true },
        b: { name: 'main', image: 'i@d' },
      },
    });
  });
});
