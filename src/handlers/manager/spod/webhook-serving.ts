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
import type { DeploymentObject, SecretObject } from '../../sources/deployment.ts';

/** The server of this process. */
export interface WebhookServer {
  readonly isServing: boolean;
  /** Whether it should serve; told before there is a certificate, so that the process is not ready without one. */
  want(wanted: boolean): Promise<void>;
  /** Serves with this certificate from now on. */
  serve(pair: KeyPair): Promise<void>;
}

/** The dependencies of the handler. */
export interface ServingParts {
  readonly namespace: string;
  readonly secrets: Reader<SecretObject>;
  /** The Deployment of the webhooks. */
  readonly deployments: Reader<DeploymentObject>;
  readonly watches: readonly Watch[];
  readonly server: WebhookServer;
  /** Milliseconds since 1970. */
  now(): number;
}

type Spod = SecurityProfilesOperatorDaemon;

/** So long after the Service was led elsewhere the proxies of nodes may still lead here, in milliseconds. */
const LEAVE_MS = 5000;

/** Begins and ends to serve. */
export class WebhookServing implements Handler<Spod> {
  readonly kind = SECURITY_PROFILES_OPERATOR_DAEMON;
  readonly name = 'webhook-serving';
  readonly selector: Selector;
  readonly watches: readonly Watch[];
  readonly rules: readonly PolicyRule[] = [];
  private readonly parts: ServingParts;
  private leavesAt: number | undefined;

  constructor(parts: ServingParts) {
    this.parts = parts;
    this.watches = parts.watches;
    this.selector = { namespace: parts.namespace, fieldSelector: `metadata.name=${SPOD}` };
  }

  async apply(spod: Spod): Promise<Outcome<Spod>> {
    const { namespace, secrets, server } = this.parts;
    const wanted = spod.spec?.runWebhookInManager === true && !isDeleting(spod);
    if (!wanted) return this.leave(isDeleting(spod));
    this.leavesAt = undefined;
    await server.want(true);
    const pair = keyPairOf(secrets.get({ namespace, name: OBJECT.webhookCert })?.data);
    if (pair !== undefined) await server.serve(pair);
    return {};
  }

  async cleanup(spod: Spod): Promise<Outcome<Spod>> {
    return this.apply(spod);
  }

  async gone(): Promise<Outcome<Spod>> {
    await this.parts.server.want(false);
    return {};
  }

  /** Others serve from now on, unless there are to be none: it ends when they answer and all clients know of them. */
  private async leave(isLast: boolean): Promise<Outcome<Spod>> {
    const { server } = this.parts;
    if (server.isServing && !isLast) {
      if (!this.othersAnswer()) return {};
      const now = this.parts.now();
      this.leavesAt ??= now + LEAVE_MS;
      if (now < this.leavesAt) return { requeueAfterMs: this.leavesAt - now };
    }
    this.leavesAt = undefined;
    await server.want(false);
    return {};
  }

  private othersAnswer(): boolean {
    const { namespace, deployments } = this.parts;
    return (deployments.get({ namespace, name: OBJECT.webhook })?.status?.readyReplicas ?? 0) > 0;
  }
}
