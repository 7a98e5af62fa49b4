// SPDX-License-Identifier: Apache-2.0
// The floor of the webhook as a process, and as a webhook of one namespace: what it adds to the creation of a pod is
// the price of any webhook that changes the pod, nearly all of it in the API server.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebhookProcess } from '../test/integration/webhook-process.ts';
import { anyPort } from '../tools/lab/ports.ts';

/** The process, on a port of this machine. */
export interface ConstantWebhook {
  readonly pid: number;
  readonly port: number;
  stop(): void;
}

/**
 * Starts it with the webhook's certificate.
 * @param options - of V8
 */
export async function startConstantWebhook(certificates: string, options: readonly string[]): Promise<ConstantWebhook> {
  const port = await anyPort();
  const program = path.join(import.meta.dirname, 'constant-server.ts');
  const child = spawn(process.execPath, [...options, program, String(port), certificates, '600'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return { pid: child.pid ?? 0, port, stop: () => void child.kill() };
}

/** Makes it the webhook of the namespaces with a label. `authority` is the certificate that the API server trusts. */
export async function configureConstantWebhook(
  through: WebhookProcess,
  port: number,
  { authority, label }: { readonly authority: string; readonly label: string },
): Promise<void> {
  const url = `https://localhost:${String(port)}/review`;
  const webhook = {
    name: 'constant.bench.example',
    admissionReviewVersions: ['v1'],
    clientConfig: { url, caBundle: btoa(authority) },
    namespaceSelector: { matchExpressions: [{ key: label, operator: 'Exists' }] },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    failurePolicy: 'Fail',
    sideEffects: 'None',
  };
  await through.apply([
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'constant' },
      webhooks: [webhook],
    },
  ]);
  await sleep(2000);
}
