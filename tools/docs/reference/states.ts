// SPDX-License-Identifier: Apache-2.0
// The page about the words of a status: states of profiles, bindings, recordings and the spod, the conditions that
// follow from them, and why a pod was not bound or recorded.
import { SKIP_REASONS } from '../../../src/core/binding/marks.ts';
import { skipClause } from '../../../src/core/binding/skip-warnings.ts';
import { RECORDING_REMARKS, markClause } from '../../../src/core/recording/marks.ts';
import type { DaemonState } from '../../../src/core/status/daemon-state.ts';
import { PROFILE_STATES, readyOf } from '../../../src/core/status/state.ts';
import type { ProfileState } from '../../../src/core/status/state.ts';
import type { BindingState } from '../../../src/gen/crd/profile-binding.ts';
import type { RecordingState } from '../../../src/gen/crd/profile-recording.ts';
import { code, printedPage, table } from './table.ts';

const PROFILES: Readonly<Record<ProfileState, string>> = {
  Error: 'A node could not install it; condition and event have the node, the field and the reason.',
  Terminating: 'It is being deleted, and a node or a pod still needs it.',
  Partial: 'It is a part of a recording that is not merged yet; no node installs it.',
  Disabled: 'It says `disabled: true`, or no node is one that it is for.',
  Pending: 'No node has answered yet, or it waits for something else, such as a base profile.',
  InProgress: 'Some nodes have it.',
  Installed: 'Every node has it. Pods can use it.',
};

const BINDINGS: Readonly<Record<BindingState, string>> = {
  InUse: 'Pods run under the profile because of it.',
  NoMatch: 'A new pod of the image would be bound, but there is none. The message names images that are near.',
  ProfileNotFound: 'The namespace has no profile of that kind and name.',
  ProfileNotReady: 'The profile is not on all nodes; pods of the image wait for it.',
  NamespaceNotLabelled: 'The webhook does not see the namespace: label it `spo.x-k8s.io/enable-binding`.',
  KindNotSupported:
    'Profiles of the kind cannot be bound here: the spod has not enabled them, or Pod Security refuses.',
  Outranked: 'Another binding gets all its pods.',
  TrialImpossible: 'There can be no twin of the profile that only logs, so no new pod is bound to try it.',
};

const RECORDINGS: Readonly<Record<RecordingState, string>> = {
  Recording: 'Containers are recorded right now.',
  NoMatch: 'A new pod that the selector chooses would be recorded, but there is none.',
  NamespaceNotLabelled: 'The webhook does not see the namespace: label it `spo.x-k8s.io/enable-recording`.',
  RecorderNotEnabled: 'The recorder is off: `enableBpfRecorder` or `enableLogEnricher` of the spod.',
  RecorderNotReady: 'The recorder is not ready on nodes that the message names.',
  KindNotSupported: 'Profiles of the kind cannot be recorded here.',
  RecorderNotSupported: 'The recorder cannot record this kind: SELinux and AppArmor need `logs`.',
  NameNotDNSLabel: 'The name of the recording cannot become the name of a profile: use letters, digits and hyphens.',
};

const DAEMON: Readonly<Record<DaemonState, string>> = {
  PENDING: 'The DaemonSet has not been made yet.',
  CREATING: 'The first roll-out goes on.',
  UPDATING: 'A later roll-out goes on.',
  RUNNING: 'The daemon is ready on all nodes, and the webhooks answer.',
  ERROR: 'The spod asks for something that cannot be; the condition says what.',
};

function words<T extends string>(meanings: Readonly<Record<T, string>>, ready: (word: T) => string): string {
  const rows = (Object.keys(meanings) as T[]).map((word) => [code(word), ready(word), meanings[word]]);
  return table(['state', '`Ready`', 'meaning'], rows);
}

function readyText(state: ProfileState): string {
  const { status, reason } = readyOf(state);
  return `${status}, ${code(reason)}`;
}

/** The page by its path. */
export function statesPage(): ReadonlyMap<string, string> {
  const waiting = `\`\`\`sh\nkubectl wait --for=condition=ready seccompprofile NAME --timeout=60s\n\`\`\``;
  const page = printedPage('src/core', [
    '# States and conditions',
    'The one word of `kubectl get` is `status.status` of profiles and `status.state` of everything else. The condition `Ready` says the same as true or false, for `kubectl wait`; its message is the sentence.',
    '<!-- not run: NAME stands for a profile of yours -->',
    waiting,
    '## Profiles',
    `From the worst to the best: a profile is as good as its worst node. (${String(PROFILE_STATES.length)} states.)`,
    words(PROFILES, readyText),
    '## Bindings',
    words(BINDINGS, (state) => (state === 'InUse' || state === 'NoMatch' ? 'True' : 'False')),
    '## Recordings',
    'The condition `Recording` is true in the state of that name.',
    words(RECORDINGS, (state) => (state === 'Recording' || state === 'NoMatch' ? 'True' : 'False')),
    '## The spod',
    words(DAEMON, (state) => (state === 'RUNNING' ? 'True' : 'False')),
    '## Why a pod was not bound',
    'As an event on the pod, and in its annotation `spo.x-k8s.io/profile-bindings-skipped`.',
    table(
      ['word', 'meaning'],
      SKIP_REASONS.map((word) => [code(word), skipClause(word)]),
    ),
    '## Why a container was not recorded',
    'As an event on the pod, and in its annotation `spo.x-k8s.io/profile-recordings-skipped`.',
    table(
      ['word', 'meaning'],
      RECORDING_REMARKS.map((word) => [code(word), markClause(word)]),
    ),
  ]);
  return new Map([['docs/reference/states.md', page]]);
}
