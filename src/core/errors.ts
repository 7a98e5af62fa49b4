// SPDX-License-Identifier: Apache-2.0
// The three kinds of failure, and the closed list of reasons that they and the events of success carry. One reason
// serves the event, the metric label and the node's report, so what `kubectl describe` says can be found in a dashboard
// by the same word. Names that the original has are kept, because alerts are written against them.

/** Every reason. */
export const REASONS = [
  'SavedSeccompProfile',
  'SeccompNotSupportedOnNode',
  'InvalidSeccompProfile',
  'InvalidSelinuxProfile',
  'ProfileNotAllowed',
  'NamespaceBudgetExceeded',
  'CannotPullSeccompProfile',
  'CannotSaveSeccompProfile',
  'CannotRemoveSeccompProfile',
  'CannotUpdateSeccompProfile',
  'CannotUpdateNodeStatus',
  'BaseProfileNotFound',
  'ProfileInUse',
  'DisabledOnNode',
  'WaitingForProfile',
  'ProfileWaitTimedOut',
  'ProfilesInstalled',
  'ProfileBindingConflict',
  'PodUnbound',
  'ProfilesMerged',
  'NoPartialProfiles',
  'MergedEmptyProfile',
  'CannotCreateUpdateMergedProfile',
  'ProfileRecording',
  'RecordingStarted',
  'RecordingEnded',
  'ProfileCreated',
  'ProfileNotOurs',
  'ProfileNameShortened',
  'CannotCreateProfile',
  'NothingRecorded',
  'CannotCreateSPOD',
  'CannotUpdateSPOD',
  'InvalidSPOD',
  'InvalidKubeletDirectory',
  'OperatorConflict',
  'PermissionsLost',
  'InvalidAppArmorProfile',
  'AppArmorNotSupportedOnNode',
  'LoadedAppArmorProfile',
  'CannotLoadAppArmorProfile',
  'CannotUnloadAppArmorProfile',
  'CannotUpdateAppArmorProfile',
  'ProfileNameTaken',
  'SelinuxNotSupportedOnNode',
  'SelinuxNotEnabled',
  'SavedSelinuxPolicy',
  'CannotSaveSelinuxPolicy',
  'CannotRemoveSelinuxPolicy',
  'CannotContactSelinuxd',
  'CannotWritePolicyFile',
  'CannotGetPolicyStatus',
  'CannotUpdatePolicyStatus',
  'InstallingSelinuxPolicy',
  'RemovingSelinuxPolicy',
  'DenialsObserved',
  'PromotionProposed',
  'RollbackProposed',
  'TrialBegun',
  'Promoted',
  'RolledBack',
  'FileDiffered',
] as const;

/** Why something happened: the reason of events and node reports, and the `reason` label of the error counters. */
export type Reason = (typeof REASONS)[number];

/** Whether a word read from a cluster is one of our reasons. */
export function isReason(word: string): word is Reason {
  return REASONS.some((reason) => reason === word);
}

/** The user's input is wrong: a condition and a warning event, and no retry until the input changes. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
  readonly reason: Reason;

  constructor(reason: Reason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Something else must happen first: no alarm; tried again when that something changes, or after `requeueAfterMs`. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
  readonly reason: Reason | undefined;
  readonly requeueAfterMs: number | undefined;

  constructor(
    message: string,
    options?: ErrorOptions & { readonly reason?: Reason; readonly requeueAfterMs?: number },
  ) {
    super(message, options);
    this.reason = options?.reason;
    this.requeueAfterMs = options?.requeueAfterMs;
  }
}

/** We failed at a known step: retried with backoff, logged with its cause, counted under its reason. */
export class Failed extends Error {
  override readonly name = 'Failed';
  readonly reason: Reason;

  constructor(reason: Reason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** An answer of the API server was longer than the request allows; the rest was not read. */
export class AnswerTooLong extends Error {
  override readonly name = 'AnswerTooLong';
}

/** The message of anything that was thrown, with those of its causes, in one line. */
export function errorText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const own = thrown.message === '' ? thrown.name : thrown.message;
  const cause = thrown.cause === undefined ? '' : errorText(thrown.cause);
  return cause === '' || own.includes(cause) ? own : `${own}: ${cause}`;
}
