// SPDX-License-Identifier: Apache-2.0
// A ValidatingAdmissionPolicy that refuses what it finds wrong, with the binding that puts it in force. The API server
// evaluates it itself, so it holds while nothing of ours runs. Kubernetes has the kind since 1.30.
import type { Manifest } from './manifest.ts';
import { APP_LABEL } from './manifest.ts';

const ADMISSION = 'admissionregistration.k8s.io/v1';

/** The policy and its binding, both of one name; `more` is what the binding says besides, such as a parameter. */
export function denialPolicy(name: string, spec: object, more: object = {}): readonly Manifest[] {
  const metadata = { name, labels: APP_LABEL };
  return [
    { apiVersion: ADMISSION, kind: 'ValidatingAdmissionPolicy', metadata, spec },
    {
      apiVersion: ADMISSION,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: name, validationActions: ['Deny'], ...more },
    },
  ];
}
