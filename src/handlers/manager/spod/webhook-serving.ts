// SPDX-License-Identifier: Apache-2.0
// Whether this process serves the webhooks: where the spod says that the manager does, each of its replicas serves
// them, because the Service leads to all of them, and not only to the one that holds the lease.
import type { KeyPair } from '../../../core/certificates.ts';
import { keyPairOf } from '../../../core/deploy/secrets.ts';
import { OBJECT, SPOD } from '../../../core/names.ts';
import type { SecurityProfilesOperatorDaemon } from '../../../gen/crd/security-profiles-operator-daemon.ts';
import { SECURITY_PROFILES_OPERATOR_DAEMON } from '../../../gen/kinds.ts';
import type { Handler, PolicyRule, Reader, Selector, Watch } from '../../../runtime/handler.ts';
import { isDeleting } from '../../../runtime/object.ts';
import type { Outcome } from '../../../runtime/outcome.ts';
import type { SecretObject } from '../../sources/deployment.ts';

/** The server of this process. */
export interface WebhookServer {
  /** Whether it should serve; told before there is a certificate, so that the process is not ready without one. */
  want(wanted: boolean): Promise<void>;
  /** Serves with this certificate from now on. */
  serve(pair: KeyPair): Promise<void>;
}

type Spod = SecurityProfilesOperatorDaemon;

/** Begins and ends to serve. */
export class WebhookServing implements Handler<Spod> {
  readonly kind = SECURITY_PROFILES_OPERATOR_DAEMON;
  readonly name = 'webhook-serving';
  readonly selector: Selector;
  readonly watches: readonly Watch[];
  readonly rules: readonly PolicyRule[] = [];
  private readonly namespace: string;
  private readonly secrets: Reader<SecretObject>;
  private readonly server: WebhookServer;

  constructor(namespace: string, secrets: Reader<SecretObject>, watches: readonly Watch[], server: WebhookServer) {
    this.namespace = namespace;
    this.secrets = secrets;
    this.watches = watches;
    this.server = server;
    this.selector = { namespace, fieldSelector: `metadata.name=${SPOD}` };
  }

  async apply(spod: Spod): Promise<Outcome<Spod>> {
    const wanted = spod.spec?.runWebhookInManager === true && !isDeleting(spod);
    await this.server.want(wanted);
    const secret = this.secrets.get({ namespace: this.namespace, name: OBJECT.webhookCert });
    const pair = wanted ? keyPairOf(secret?.data) : undefined;
    if (pair !== undefined) await this.server.serve(pair);
    return {};
  }

  async cleanup(spod: Spod): Promise<Outcome<Spod>> {
    return this.apply(spod);
  }

  async gone(): Promise<Outcome<Spod>> {
    await this.server.want(false);
    return {};
  }
}
