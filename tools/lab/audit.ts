// SPDX-License-Identifier: Apache-2.0
// The operator's writes to the API server of a cluster, a line each, from the API server's audit log: `lab logs
// audit`, and what benchmarks count. Format: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OPERATOR } from '../../src/core/names.ts';

/** Name of the log, without its ending, among those of the programs. */
export const AUDIT_LOG = 'audit';

/** Leases are the cost of being alive, reviews are questions. */
const UNASKED = ['coordination.k8s.io', 'authentication.k8s.io', 'authorization.k8s.io'];

const POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    { level: 'None', resources: UNASKED.map((group) => ({ group })) },
    {
      level: 'Metadata',
      userGroups: [`system:serviceaccounts:${OPERATOR}`],
      verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
    },
    { level: 'None' },
  ],
};

/** Arguments of an API server that keeps the account; `logs` is the folder of the cluster's logs. */
export function auditArgs(logs: string): readonly string[] {
  mkdirSync(logs, { recursive: true });
  const file = path.join(path.dirname(logs), 'audit-policy.json');
  writeFileSync(file, JSON.stringify(POLICY));
  return [`--audit-policy-file=${file}`, `--audit-log-path=${path.join(logs, `${AUDIT_LOG}.log`)}`];
}
