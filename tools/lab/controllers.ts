// SPDX-License-Identifier: Apache-2.0
// The two components that act on what the API server holds: kube-controller-manager and kube-scheduler.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { issue } from './certificates.ts';
import { renderKubeconfig } from './kubeconfig.ts';
import type { Ground, Running } from './launch.ts';
import { launch } from './launch.ts';
import type { Pki } from './pki.ts';

/** One instance each: no competitor, and no Lease that an earlier one still holds. */
const ALONE = '--leader-elect=false';

/** Starts the controller manager; it needs no waiting for. */
export async function startControllerManager(ground: Ground, pki: Pki, url: string, folder: string): Promise<Running> {
  const kubeconfig = await kubeconfigFor('kube-controller-manager', pki, url, folder);
  return launch(ground, {
    name: 'kube-controller-manager',
    program: 'kube-controller-manager',
    args: [
      ALONE,
      `--kubeconfig=${kubeconfig}`,
      '--use-service-account-credentials=true',
      // It makes an account and a token for each of its forty controllers, one by one: at the usual rate that takes 5
      // s.
      '--kube-api-qps=500',
      '--kube-api-burst=1000',
      `--service-account-private-key-file=${pki.file('sa.key')}`,
      `--root-ca-file=${pki.file('ca.crt')}`,
      `--cluster-signing-cert-file=${pki.file('ca.crt')}`,
      `--cluster-signing-key-file=${pki.file('ca.key')}`,
      // It serves only its own health and metrics, which are not requested here.
      '--secure-port=0',
    ],
  });
}

/** Starts the scheduler; it needs no waiting for. */
export async function startScheduler(ground: Ground, pki: Pki, url: string, folder: string): Promise<Running> {
  const kubeconfig = await kubeconfigFor('kube-scheduler', pki, url, folder);
  const args = [ALONE, `--kubeconfig=${kubeconfig}`, '--secure-port=0'];
  return launch(ground, { name: 'kube-scheduler', program: 'kube-scheduler', args });
}

/** Writes the kubeconfig of a component, whose user RBAC knows by the name `system:COMPONENT`. */
async function kubeconfigFor(component: string, pki: Pki, url: string, folder: string): Promise<string> {
  const pair = await issue(pki.authority, { commonName: `system:${component}` });
  const file = path.join(folder, `${component}.kubeconfig`);
  await writeFile(file, renderKubeconfig(url, pki.authority.certificate, pair), { mode: 0o600 });
  return file;
}
