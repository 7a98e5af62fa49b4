// SPDX-License-Identifier: Apache-2.0
// The status of a ProfileBinding: one word and a sentence for what it does, or why it binds nothing, and the pods that
// run under its profile because of it. A pure function of facts, so a manager that restarts writes nothing.
import type {
  BindingState,
  ProfileBinding,
  ProfileBindingStatus,
  ProfileTrial,
} from '../../gen/crd/profile-binding.ts';
import type { KindOption } from '../deploy/kinds.ts';
import { withObservation } from '../status/conditions.ts';
import type { Condition } from '../status/conditions.ts';
import { READY } from '../status/state.ts';
import type { Observation } from '../status/state.ts';
import { rfc3339 } from '../status/time.ts';
import { ANY_IMAGE } from './image-match.ts';
import { nearestImages } from './nearest-images.ts';
import { ENFORCED, PROMOTABLE } from './promotion.ts';

/** Why pods of the image are not bound by it. */
export type Rivalry =
  | { readonly type: 'none' }
  /** Pods have the image, and a pod that is created now would be bound. */
  | { readonly type: 'older pods'; readonly pods: readonly string[] }
  /** The webhook left them alone, and said why. */
  | { readonly type: 'skipped'; readonly pod: string; readonly why: string }
  /** Another binding gets them. */
  | { readonly type: 'outranked'; readonly by: string; readonly why: 'older' | 'more exact' };

/** Images that were seen: those near a wanted one, or the first of all where none is near. */
export interface SeenImages {
  readonly near: boolean;
  readonly images: readonly string[];
}

/** All that is said of the trial of a profile: conditions, and the state of it. */
export interface TrialReport {
  readonly observations: readonly Observation[];
  readonly trial: ProfileTrial | undefined;
  /** The twin that only logs; undefined where the binding has none. */
  readonly twin?: {
    readonly name: string;
    /** Pods that run under it, and under the profile itself. */
    readonly audited: number;
    readonly enforced: number;
    /** Why there can be none. */
    readonly impossible?: string | undefined;
  };
  /** Milliseconds until time alone may change it; undefined where it cannot. */
  readonly againMs?: number;
}

/** The facts about a binding. */
export interface BindingFacts {
  readonly binding: ProfileBinding;
  /** Whether this version installs profiles of the kind. */
  readonly isSupported: boolean;
  /** The option of the spod without which no node has profiles of the kind; undefined where it is set. */
  readonly missing: KindOption | undefined;
  /** Whether Pod Security lets no pod of the namespace have a profile of the kind. */
  readonly isForbidden: boolean;
  /** Whether the webhook is called for pods of the namespace. */
  readonly isSelected: boolean;
  readonly profile: 'installed' | 'pending' | 'missing';
  /** The sentence of the profile's own status, where it has one. */
  readonly profileSays?: string | undefined;
  /** Pods bound by it that use a profile of ours, as `namespace/name`, sorted. */
  readonly users: readonly string[];
  /** Those of them that do not use its profile: they use one that it named when they were created. */
  readonly outdated: number;
  /** Those of the others that wait at the scheduling gate. */
  readonly gated: number;
  /** Creation of the youngest of them, RFC 3339. */
  readonly youngest: string | undefined;
  readonly rivalry: Rivalry;
  /** Undefined where the binding asks for none. */
  readonly trial?: TrialReport | undefined;
  /** The images in the namespace; asked for only where none matches. */
  seenImages(): SeenImages;
}

/** Images that a message names where none is near. */
const IMAGES_NAMED = 3;

/** The longest image in a message. */
const LONGEST_IMAGE = 200;

/** The images to name for a wanted one, among those that were seen. */
export function seenImages(wanted: string, seen: readonly string[]): SeenImages {
  const near = nearestImages(wanted, seen);
  const images = near.length > 0 ? near : [...new Set(seen)].sort().slice(0, IMAGES_NAMED);
  return { near: near.length > 0, images: images.map(shortened) };
}

function shortened(image: string): string {
  return image.length <= LONGEST_IMAGE ? image : `${image.slice(0, LONGEST_IMAGE)}…`;
}

/** Most pods that a status lists, schemas/defs/active-workloads.json. */
const USERS_LISTED = 1000;

/** Longest message, schemas/crd/profile-binding.json. */
const LONGEST_MESSAGE = 1024;

/** State and sentence. */
interface Verdict {
  readonly state: BindingState;
  readonly message: string;
}

/** The whole status. `now` is in milliseconds since 1970. */
export function bindingStatus(facts: BindingFacts, now: number): ProfileBindingStatus {
  const { binding, users } = facts;
  const { generation = 0 } = binding.metadata;
  const { state, message } = verdictOn(facts);
  const ready = {
    type: READY,
    status: state === 'InUse' || state === 'NoMatch' ? ('True' as const) : ('False' as const),
    reason: state,
    message,
    observedGeneration: generation,
  };
  const lastMatchTime = latest(binding.status?.lastMatchTime, facts.youngest);
  return {
    observedGeneration: generation,
    conditions: conditionsAfter(facts, ready, rfc3339(now)),
    state,
    message,
    ...(facts.trial?.trial === undefined ? {} : { trial: facts.trial.trial }),
    ...(users.length === 0 ? {} : { activeWorkloads: users.slice(0, USERS_LISTED), activeWorkloadCount: users.length }),
    ...(lastMatchTime === undefined ? {} : { lastMatchTime }),
  };
}

/** Without the words on a trial that is not asked for any more. */
function conditionsAfter({ binding, trial }: BindingFacts, ready: Observation, now: string): readonly Condition[] {
  const before = binding.status?.conditions ?? [];
  const observations = [ready, ...(trial?.observations ?? [])];
  const kept = before.filter(
    ({ type }) => !TRIAL_CONDITIONS.includes(type) || observations.some((seen) => seen.type === type),
  );
  return observations.reduce<readonly Condition[]>((all, seen) => withObservation(all, seen, now), kept);
}

const TRIAL_CONDITIONS: readonly string[] = [PROMOTABLE, ENFORCED];

function verdictOn(facts: BindingFacts): Verdict {
  const { state, message } = obstacleOf(facts) ?? effectOf(facts);
  return { state, message: message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE - 1)}…` };
}

/** The obstacle before any pod; undefined where pods run under the profile, or could. */
function obstacleOf(facts: BindingFacts): Verdict | undefined {
  const { binding, isSupported, isSelected, profile, users, outdated, gated } = facts;
  const { kind, name } = binding.spec.profileRef;
  if (!isSupported) {
    const message = `this version does not install profiles of the kind ${kind}, so none can be bound`;
    return { state: 'KindNotSupported', message };
  }
  if (facts.missing !== undefined) {
    const message = `nodes have profiles of the kind ${kind} only with ${facts.missing} of the spod`;
    return { state: 'KindNotSupported', message };
  }
  if (users.length - outdated > gated) return undefined;
  const impossible = facts.trial?.twin?.impossible;
  if (facts.isForbidden) return { state: 'KindNotSupported', message: FORBIDDEN };
  if (!isSelected) return { state: 'NamespaceNotLabelled', message: UNSELECTED };
  const waiting = gated === 0 ? '' : `; ${podsThat(gated, 'waits', 'wait')} for it`;
  if (profile === 'missing') {
    return { state: 'ProfileNotFound', message: `there is no ${kind} ${name} in the namespace${waiting}` };
  }
  if (impossible !== undefined) return { state: 'TrialImpossible', message: impossible };
  if (profile === 'installed') return undefined;
  const why = facts.profileSays === undefined ? '' : `: ${facts.profileSays}`;
  return { state: 'ProfileNotReady', message: `the ${kind} ${name} is not on all nodes${waiting}${why}` };
}

const FORBIDDEN =
  'the Pod Security level of the namespace refuses SELinux types other than those of containers: profiles take the ' +
  'label pod-security.kubernetes.io/enforce: privileged';

const UNSELECTED =
  'the webhook binding.spo.io is not called for pods of this namespace: label it spo.x-k8s.io/enable-binding, or as ' +
  'webhookOptions of the spod say';

function effectOf(facts: BindingFacts): Verdict {
  const { binding, users, rivalry } = facts;
  if (users.length > 0) return { state: 'InUse', message: inUseText(facts) };
  switch (rivalry.type) {
    case 'outranked':
      return { state: 'Outranked', message: outrankedText(rivalry) };
    case 'skipped':
      return { state: 'NoMatch', message: `${rivalry.pod} was not bound: ${rivalry.why}` };
    case 'older pods':
      return { state: 'NoMatch', message: olderText(rivalry.pods) };
    case 'none':
      return { state: 'NoMatch', message: unseenText(binding.spec.image, facts.seenImages()) };
    default:
      return rivalry satisfies never;
  }
}

function inUseText({ binding, users, outdated, trial }: BindingFacts): string {
  const { kind, name } = binding.spec.profileRef;
  const profile = `the ${kind} ${name}`;
  const current = users.length - outdated;
  const gets = outdated === 1 ? 'it gets' : 'they get';
  const old = podsThat(outdated, 'runs', 'run');
  if (current === 0) return `${old} under a profile that this binding named before: created anew, ${gets} ${profile}`;
  const text = currentText(current, profile, trial?.twin);
  return outdated === 0
    ? text
    : `${text}, and ${old} under a profile that it named before: created anew, ${gets} this one`;
}

function currentText(current: number, profile: string, twin: TrialReport['twin']): string {
  const because = 'because of this binding';
  if (twin === undefined || twin.audited === 0)
    return `${podsThat(current, 'runs', 'run')} under ${profile} ${because}`;
  const audited = podsThat(twin.audited, 'runs', 'run');
  const told = `${audited} under ${twin.name}, which only logs what ${profile} would refuse, ${because}`;
  return twin.enforced === 0 ? told : `${told}, and ${podsThat(twin.enforced, 'runs', 'run')} under the profile itself`;
}

function outrankedText({ by, why }: Extract<Rivalry, { readonly type: 'outranked' }>): string {
  const reason = why === 'older' ? 'is as exact and older' : 'names the image more exactly';
  return `the binding ${by} ${reason}, and gets the pods that this one matches`;
}

/** Pods that a message names. */
const PODS_NAMED = 3;

function olderText(pods: readonly string[]): string {
  const names = pods.slice(0, PODS_NAMED).join(', ');
  const more = pods.length > PODS_NAMED ? ` and ${String(pods.length - PODS_NAMED)} more` : '';
  return `pods get a profile when they are created, and these were created without it: ${names}${more}`;
}

function unseenText(image: string, { images, near }: SeenImages): string {
  if (images.length === 0) return 'no pod runs in the namespace';
  const missing = image === ANY_IMAGE ? 'no pod is selected' : `no pod of the binding has the image ${image}`;
  return `${missing}; ${near ? 'the nearest that were seen are' : 'seen were'} ${images.join(', ')}`;
}

function podsThat(count: number, one: string, many: string): string {
  return count === 1 ? `1 pod ${one}` : `${String(count)} pods ${many}`;
}

/** The later of two times in RFC 3339, which sort as texts. */
function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}

/** How soon `after` must be written where `before` stands: an effect at once, an obstacle that may pass soon. */
export function bindingUrgency(
  before: ProfileBindingStatus | undefined,
  after: ProfileBindingStatus,
): 'now' | 'soon' | 'never' {
  if (before !== undefined && textOf(before) === textOf(after)) return 'never';
  const isStep = after.trial?.phase !== undefined && after.trial.phase !== before?.trial?.phase;
  return isStep || (after.state === 'InUse' && before?.state !== 'InUse') ? 'now' : 'soon';
}

/** A text that is equal for equal statuses, in whatever order the API server keeps the fields. */
function textOf(status: ProfileBindingStatus): string {
  const { conditions, activeWorkloads = [], activeWorkloadCount = 0 } = status;
  const observed = [READY, ...TRIAL_CONDITIONS].map((type) => conditions?.find((condition) => condition.type === type));
  return JSON.stringify([
    [status.state, status.message, status.observedGeneration, status.lastMatchTime],
    observed.map((one) => [one?.status, one?.reason, one?.message, one?.observedGeneration]),
    Object.entries(status.trial ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
    [activeWorkloads, activeWorkloadCount],
  ]);
}
