// SPDX-License-Identifier: Apache-2.0
// The daemon of a node as the API server knows it: by a token that its kubelet asked for, bound to a pod and so to the
// node.
import { SPOD } from '../../src/core/names.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import type { Identity } from '../../tools/lab/identities.ts';
import { textAt } from '../../tools/lab/json-path.ts';
import { create, OPERATOR_NAMESPACE } from '../../tools/lab/operator.ts';

let made = 0;

/** A new pod of the daemon on a node, with its token. */
export async function daemonOf(plane: ControlPlane, node: string): Promise<Identity> {
  const pods = `/api/v1/namespaces/${OPERATOR_NAMESPACE}/pods`;
  const name = `spod-${node}-${String((made += 1))}`;
  const spec = { nodeName: node, serviceAccountName: SPOD, containers: [{ name: 'c', image: 'i' }] };
  await create(plane, pods, { metadata: { name }, spec });
  const { body } = await plane.admin.request('GET', `${pods}/${name}`);
  const uid = textAt(body, 'metadata', 'uid') ?? '';
  return plane.identities.serviceAccount(OPERATOR_NAMESPACE, SPOD, { name, uid });
}
