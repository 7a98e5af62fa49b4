// SPDX-License-Identifier: Apache-2.0
// The webhooks as objects that a user applies, for `staticWebhookConfig`: then the manager leaves the configurations to
// whoever applied them. cert-manager makes the certificate and writes its authority into them.
import type { Manifest } from '../manifest.ts';
import { certManagerObjects } from './cert-manager.ts';
import { webhookConfigurations } from './configurations.ts';
import { webhookDeployment } from './deployment.ts';
import type { WebhookDeploymentInput } from './deployment.ts';
import { webhookService } from './service.ts';

/** The objects, the configurations last: they count when the rest is there. */
export function staticWebhooks(
  input: Pick<WebhookDeploymentInput, 'namespace' | 'image' | 'restrictTo'>,
): readonly Manifest[] {
  const { namespace, restrictTo } = input;
  const spec = { staticWebhookConfig: true, webhookOptions: [] };
  return [
    ...certManagerObjects(namespace),
    webhookService({ namespace, place: 'deployment', servedByOpenShift: false }),
    webhookDeployment({ ...input, spec, imagePullPolicy: 'IfNotPresent' }),
    ...webhookConfigurations({ spec, namespace, restrictTo, authority: { by: 'cert-manager' } }),
  ];
}
