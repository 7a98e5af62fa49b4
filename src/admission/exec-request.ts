// SPDX-License-Identifier: Apache-2.0
// The webhook that marks a process with the id of the request that starts it, so that what the JSON enricher tells of
// the process can be joined with the API server's audit log: `kubectl exec`, ephemeral containers, and the pods in
// which `kubectl debug` looks at a node.
import { addedTo, containersOf } from '../core/binding/pod.ts';
import type { AdmittedPod, ContainerPlace } from '../core/binding/pod.ts';
import { isJsonObject } from '../core/json.ts';
import { pointer } from '../core/json-patch.ts';
import type { PatchOperation } from '../core/json-patch.ts';
import { REQUEST_VARIABLE, WEBHOOK, WEBHOOK_PATH } from '../core/names.ts';
import { EPHEMERAL, UNTOUCHED } from './review.ts';
import type { AdmissionAnswer, AdmissionRequest, Webhook } from './review.ts';

/** Key of the audit annotation with the id, behind the webhook's name. */
const AUDIT_KEY = 'request-uid';

interface EnvironmentVariable {
  readonly name: string;
  readonly value: string;
}

/** `execmetadata.spo.io` and `nodedebuggingpod.spo.io`. */
export class ExecRequestWebhook implements Webhook {
  readonly name = WEBHOOK.execMetadata;
  readonly path = WEBHOOK_PATH.execMetadata;

  review(request: AdmissionRequest): AdmissionAnswer {
    const patch = patchOf(request);
    if (patch.length === 0) return UNTOUCHED;
    const auditAnnotations = { [AUDIT_KEY]: request.uid };
    return { allowed: true, outcome: 'allowed', patch, warnings: [], auditAnnotations };
  }
}

function patchOf({
  kind,
  operation,
  subResource,
  object = {},
  oldObject = {},
  uid,
}: AdmissionRequest): readonly PatchOperation[] {
  if (operation === 'CONNECT' && kind === 'PodExecOptions') return commandPatch(object['command'], uid);
  if (kind !== 'Pod') return [];
  const pod = object as AdmittedPod;
  if (operation === 'CREATE' && subResource === undefined) return variablePatches(containersOf(pod), uid);
  if (operation !== 'UPDATE' || subResource !== EPHEMERAL) return [];
  return variablePatches(containersOf(pod).filter(addedTo(oldObject)), uid);
}

/** A request to execute has no environment: env(1) of the container's image has to set the variable. */
function commandPatch(command: unknown, uid: string): readonly PatchOperation[] {
  if (!Array.isArray(command) || command.length === 0) return [];
  return [{ op: 'replace', path: '/command', value: ['env', `${REQUEST_VARIABLE}=${uid}`, ...(command as unknown[])] }];
}

function variablePatches(places: readonly ContainerPlace[], uid: string): readonly PatchOperation[] {
  return places.map((place) => variablePatch(place, { name: REQUEST_VARIABLE, value: uid }));
}

/** A variable of that name that the user wrote is replaced: it is not for users to say. */
function variablePatch({ list, index, container }: ContainerPlace, variable: EnvironmentVariable): PatchOperation {
  const path = ['spec', list, index, 'env'];
  const { env } = container as { readonly env?: unknown };
  if (!Array.isArray(env)) return { op: 'add', path: pointer(...path), value: [variable] };
  const others = env.filter((entry) => !isJsonObject(entry) || entry['name'] !== variable.name);
  return { op: 'replace', path: pointer(...path), value: [...(others as unknown[]), variable] };
}
