// SPDX-License-Identifier: Apache-2.0
// The budgets of bindings and recordings. Each chooses pods by a selector of up to a megabyte, and webhook, manager and
// the recorders of all nodes hold all of them: one tenant's are kept within a share, as its profiles are. One beyond it
// chooses no pod, and an event of it says why.
import type { LabelSelector } from '../../gen/crd/defs/label-selector.ts';
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import type { ProfileRecording } from '../../gen/crd/profile-recording.ts';
import type { BudgetLimits } from '../../runtime/budget.ts';
import type { SourceBudget } from '../../runtime/handler.ts';
import type { KubeObject } from '../../runtime/object.ts';
import { identityMetadata } from './identity-metadata.ts';

/** Characters of the specs of one kind in one namespace, and their number. Usual ones have 100 to 500 characters. */
const LIMITS: BudgetLimits = { bytes: 1 << 20, objects: 2000 };

const NOTHING: LabelSelector = {
  matchExpressions: [
    { key: 'spo.x-k8s.io/none', operator: 'Exists' },
    { key: 'spo.x-k8s.io/none', operator: 'DoesNotExist' },
  ],
};

function cut<O extends KubeObject>(object: O): O {
  return { ...object, metadata: identityMetadata(object.metadata) };
}

/** That of bindings. */
export const BINDING_BUDGET: SourceBudget<ProfileBinding> = {
  limits: LIMITS,
  identity: (binding) => {
    const { profileRef, image } = binding.spec;
    return { ...cut(binding), spec: { profileRef, image, podSelector: NOTHING } };
  },
};

/** That of recordings. The strategy stays, by which they end. */
export const RECORDING_BUDGET: SourceBudget<ProfileRecording> = {
  limits: LIMITS,
  identity: (recording) => {
    const { kind, recorder, mergeStrategy } = recording.spec;
    const strategy = mergeStrategy === undefined ? {} : { mergeStrategy };
    return { ...cut(recording), spec: { kind, recorder, ...strategy, podSelector: NOTHING } };
  },
};
