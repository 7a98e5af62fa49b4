// SPDX-License-Identifier: Apache-2.0
// The effect of a namespace's bindings on one new pod: which fields are set, which containers are bound and which are
// not, and why. A field that the author set stays. Fields that a binding set earlier in the same admission are known by
// the annotations that tell of them, so a pod that comes a second time is judged as if it came for the first.
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import { selects } from '../label-selector.ts';
import { ANY_IMAGE } from './image-match.ts';
import { choose } from './choose.ts';
import type { Choice } from './choose.ts';
import { fieldsByKind, foundAt, marksOf, valueOf } from './found.ts';
import type { Fields, FieldsOfKind, Marks } from './found.ts';
import type { BoundMark, SkippedMark, SkipReason } from './marks.ts';
import { containersOf, isMirror, isWindows } from './pod.ts';
import type { AdmittedPod, ContainerPlace, Json } from './pod.ts';
import { mergedValue } from './security-context.ts';
import type { ProfileState, Situation } from './situation.ts';
import { profileForNew } from './twin.ts';

/** A member of the security context of a container, or of the pod where `place` is undefined, and its new value. */
export interface FieldChange {
  readonly place: ContainerPlace | undefined;
  readonly member: string;
  readonly value: Json;
}

/** A container that is bound, with its binding and how far the profile is. */
export interface Bound {
  readonly place: ContainerPlace;
  readonly binding: ProfileBinding;
  readonly state: ProfileState;
  /** The value of the field that selects the profile. */
  readonly value: Json;
}

/** The decision on a pod. */
export interface Decision {
  readonly changes: readonly FieldChange[];
  readonly bound: readonly Bound[];
  readonly skipped: readonly SkippedMark[];
}

type Verdict = Bound | { readonly reason: SkipReason };

function isBound(verdict: Verdict): verdict is Bound {
  return 'binding' in verdict;
}

function podReason(pod: AdmittedPod): SkipReason | undefined {
  if (isMirror(pod)) return 'StaticPod';
  return isWindows(pod) ? 'WindowsPod' : undefined;
}

/** A binding for a container, and where the container stands. */
interface PlacedChoice extends Pick<Choice, 'kind' | 'binding'> {
  readonly place: ContainerPlace;
}

function judge(situation: Situation, fields: Fields, choice: PlacedChoice): Verdict {
  const reason = podReason(situation.pod);
  return reason === undefined ? judgeContainer(situation, fields, choice) : { reason };
}

/**
 * Whether a container runs without the profile rather than waits for it. One that is being deleted is put on no pod
 * more, whatever the policy: it stays until its last pod has ended, and with every restart of a workload would get
 * another one.
 */
function isRefused(state: ProfileState, { spec }: ProfileBinding): boolean {
  return state === 'ending' || (state !== 'installed' && spec.profileNotReady?.policy === 'RunUnbound');
}

function judgeContainer(situation: Situation, fields: Fields, { place, kind, binding }: PlacedChoice): Verdict {
  const { namespace } = situation;
  const name = profileForNew(binding, namespace, (...profile) => situation.profileIdentity(...profile));
  const state = situation.profileState(kind, namespace, name ?? binding.spec.profileRef.name);
  if (state === 'unsupported') return { reason: 'KindNotSupported' };
  const obstacle = situation.obstacle(kind);
  if (obstacle !== undefined) return { reason: obstacle };
  if (place.container.securityContext?.privileged === true) return { reason: 'PrivilegedContainer' };
  if (name === undefined) return { reason: 'TrialImpossible' };
  const value = valueOf(binding, namespace, name);
  if (value === undefined) return { reason: 'ProfileNotReady' };
  const found = foundAt(fields, place);
  const isThere = found !== undefined && fields.field.isSame(found.value, value);
  const runsUnbound = isRefused(state, binding);
  const result: Bound = { place, binding, state, value };
  if (found === undefined) return runsUnbound ? { reason: 'ProfileNotReady' } : result;
  // Of a field that this binding set, the state was judged when it did.
  if (isThere && found.from.includes(binding.metadata.name)) return result;
  if ((isThere || found.from.length > 0) && !runsUnbound) return result;
  const isRecorded = fields.field.isSame(found.value, situation.logProfiles[kind]);
  return { reason: isRecorded ? 'RecordedFromLogs' : 'ProfileSetByAuthor' };
}

/** The change of one container, where it does not run under the profile anyway. */
function containerChange(situation: Situation, fields: Fields, { place, value }: Bound): readonly FieldChange[] {
  const found = foundAt(fields, place);
  if (found !== undefined && fields.field.isSame(found.value, value)) return [];
  const contexts = [place.container.securityContext, situation.pod.spec?.securityContext];
  return [{ place, member: fields.field.member, value: mergedValue(fields.field, contexts, value) }];
}

/**
 * The change of the pod's own context, when all its containers get the profile of `*` and no context holds one yet. It
 * cannot be made once the pod is there.
 */
function podChange(situation: Situation, fields: Fields, verdicts: readonly Verdict[]): FieldChange | undefined {
  const [first] = verdicts;
  if (first === undefined || !isBound(first) || first.binding.spec.image !== ANY_IMAGE) return undefined;
  const places = containersOf(situation.pod);
  const isWhole = verdicts.length === places.length && verdicts.every(isBound);
  const isFree = fields.pod === undefined && places.every((place) => fields.of(place) === undefined);
  if (!isWhole || !isFree) return undefined;
  const value = mergedValue(fields.field, [situation.pod.spec?.securityContext], first.value);
  return { place: undefined, member: fields.field.member, value };
}

function decideKind(situation: Situation, fields: Fields, choices: readonly PlacedChoice[]): Decision {
  const verdicts = choices.map((choice) => judge(situation, fields, choice));
  const bound = verdicts.filter(isBound);
  const whole = podChange(situation, fields, verdicts);
  return {
    changes: whole === undefined ? bound.flatMap((item) => containerChange(situation, fields, item)) : [whole],
    bound,
    skipped: verdicts.flatMap((verdict, index) => {
      const choice = choices[index];
      if (isBound(verdict) || choice === undefined) return [];
      const container = choice.place.container.name;
      return [{ container, binding: choice.binding.metadata.name, reason: verdict.reason }];
    }),
  };
}

/** The bindings that are for the open containers; the others only count for `*`. */
function placedChoices(situation: Situation, fields: FieldsOfKind): readonly PlacedChoice[] {
  const places = containersOf(situation.pod);
  const byName = new Map(places.map((place) => [place.container.name, place]));
  const containers = places.map(({ container: { name, image = '' } }) => ({ name, image }));
  const placed = (choice: Choice): readonly PlacedChoice[] => {
    const place = byName.get(choice.container);
    return place === undefined ? [] : [{ ...choice, place }];
  };
  const binds = (choice: Choice): boolean =>
    placed(choice).some((one) => isBound(judge(situation, fields(one.kind), one)));
  return choose(situation.index, { labels: situation.pod.metadata?.labels, containers }, binds)
    .flatMap(placed)
    .filter(({ place }) => situation.isOpen(place));
}

/**
 * The containers that stay under the profile of `*`, although another binding applies to the pod by now: that of a
 * sidecar, which came after `*` was put on the others. Nothing takes a profile from a container again.
 */
function keptChoices(situation: Situation, marks: Marks, chosen: readonly PlacedChoice[]): readonly PlacedChoice[] {
  if (marks.size === 0) return [];
  const has = new Set(chosen.map(({ place, kind }) => `${place.container.name} ${kind}`));
  return containersOf(situation.pod)
    .filter((place) => situation.isOpen(place))
    .flatMap((place) => {
      const bindings = (marks.get(place.container.name) ?? []).flatMap(
        (name) => situation.index.byName.get(name) ?? [],
      );
      const kept = bindings.filter(
        ({ spec }) => spec.image === ANY_IMAGE && selects(spec.podSelector, situation.pod.metadata?.labels),
      );
      return kept
        .map((binding) => ({ place, kind: binding.spec.profileRef.kind, binding }))
        .filter(({ kind }) => !has.has(`${place.container.name} ${kind}`));
    });
}

/** Whether the container does run under the profile because of the binding. */
function isKept(situation: Situation, fields: Fields, choice: PlacedChoice): boolean {
  const from = foundAt(fields, choice.place)?.from ?? [];
  return from.includes(choice.binding.metadata.name) && isBound(judge(situation, fields, choice));
}

/** Decides on one pod. */
export function decide(situation: Situation): Decision {
  const marks = marksOf(situation.pod);
  const fieldsOfKind = fieldsByKind(situation, marks);
  const chosen = placedChoices(situation, fieldsOfKind);
  const kept = keptChoices(situation, marks, chosen);
  const kinds = [...new Set([...chosen, ...kept].map(({ kind }) => kind))];
  const parts = kinds.map((kind) => {
    const fields = fieldsOfKind(kind);
    const own = chosen.filter((choice) => choice.kind === kind);
    const stays = kept.filter((choice) => choice.kind === kind && isKept(situation, fields, choice));
    return decideKind(situation, fields, [...own, ...stays]);
  });
  return {
    changes: parts.flatMap(({ changes }) => changes),
    bound: parts.flatMap(({ bound }) => bound),
    skipped: parts.flatMap(({ skipped }) => skipped),
  };
}

/** The marks of what is bound. */
export function boundMarks(bound: readonly Bound[]): readonly BoundMark[] {
  return bound.map(({ place, binding }) => ({ container: place.container.name, binding: binding.metadata.name }));
}
