// SPDX-License-Identifier: Apache-2.0
// The webhook as a process beside a real API server, which calls it by URL because there is no Service to go through;
// with its own account and no other permissions.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KeyPair, Validity } from '../../src/core/certificates.ts';
import { parseSettings } from '../../src/core/config.ts';
import type { Manifest } from '../../src/core/deploy/manifest.ts';
import { grants } from '../../src/core/deploy/rbac.ts';
import { webhookConfigurations } from '../../src/core/deploy/webhooks/configurations.ts';
import type { ConfigurationInput } from '../../src/core/deploy/webhooks/configurations.ts';
import { SILENT } from '../../src/core/log.ts';
import { OBJECT } from '../../src/core/names.ts';
import { issueServer, makeAuthority } from '../../src/io/http/certificates.ts';
import { permissionsOfWebhook } from '../../src/roles/wiring/permissions.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { OPERATOR_NAMESPACE } from '../../tools/lab/operator.ts';
import { anyPort } from '../../tools/lab/ports.ts';
import { RoleProcess } from '../roles/role-process.ts';

const main = path.join(import.meta.dirname, '../../src/main.ts');
const validity = { from: Date.now() - 60_000, until: Date.now() + 3_600_000 };

/** The configurations as an input prints them, for a webhook on a port of this machine. */
export function configurationsByUrl(input: Omit<ConfigurationInput, 'authority'>, port: number, bundle: string) {
  const authority = { by: 'operator', bundle } as const;
  return webhookConfigurations({ ...input, authority }).map((manifest) => {
    const hooks = manifest['webhooks'] as readonly { readonly clientConfig: Client }[];
    const webhooks = hooks.map(({ clientConfig: { service, caBundle }, ...hook }) => ({
      ...hook,
      // On a busy machine an answer may take longer than a cluster would wait for it.
      timeoutSeconds: 30,
      clientConfig: { url: `https://localhost:${String(port)}${service.path}`, caBundle },
    }));
    return { ...manifest, webhooks };
  });
}

interface Client {
  readonly service: { readonly path: string };
  readonly caBundle: string;
}

/** A webhook process, its certificate and its port. */
export class WebhookProcess {
  readonly port: number;
  readonly health: number;
  private readonly plane: ControlPlane;
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'spo-webhook-'));
  private readonly kubeconfig: string;
  private role: RoleProcess | undefined;

  private constructor(plane: ControlPlane, kubeconfig: string, ports: readonly [number, number]) {
    this.plane = plane;
    this.kubeconfig = kubeconfig;
    [this.port, this.health] = ports;
    mkdirSync(path.join(this.folder, 'certificate'));
  }

  /** Grants what the manifests grant, and finds free ports. */
  static async prepare(plane: ControlPlane): Promise<WebhookProcess> {
    const { kubeconfig } = await plane.identities.serviceAccount(OPERATOR_NAMESPACE, OBJECT.webhookAccount);
    const rules = permissionsOfWebhook(parseSettings({}), SILENT);
    const account = { account: OBJECT.webhookAccount, namespace: OPERATOR_NAMESPACE, watched: [], rules };
    const made = new WebhookProcess(plane, kubeconfig, [await anyPort(), await anyPort()]);
    await made.apply(grants(account));
    return made;
  }

  /** Applies objects with kubectl, which is strict about their fields. */
  async apply(items: readonly (Manifest | object)[]): Promise<void> {
    const file = path.join(this.folder, 'objects.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await this.plane.kubectl('apply', '--server-side', '--force-conflicts', '--validate=strict', '-f', file);
  }

  /** Shows a new certificate of an authority from now on. */
  async show(authority: KeyPair, time: Validity = validity): Promise<void> {
    const { certificate, key } = await issueServer(authority, ['localhost'], time);
    writeFileSync(path.join(this.folder, 'certificate/tls.key'), key);
    writeFileSync(path.join(this.folder, 'certificate/tls.crt'), certificate);
  }

  /** Its pid while it runs. */
  get pid(): number {
    return this.role?.pid ?? 0;
  }

  /** Whether it runs. */
  get isAlive(): boolean {
    return this.role?.alive === true;
  }

  /** Folder of the certificate that it shows. */
  get certificates(): string {
    return path.join(this.folder, 'certificate');
  }

  /**
   * Starts it and waits until it serves.
   * @param command - the program and its first words, where it is not that of this tree
   * @param more - variables of its environment besides those that it needs
   */
  async start(
    command: readonly [string, ...string[]] = [process.execPath, main],
    more: Readonly<Record<string, string>> = {},
  ): Promise<RoleProcess> {
    const env = {
      PATH: process.env['PATH'],
      KUBECONFIG: this.kubeconfig,
      WEBHOOK_CERT_DIR: this.certificates,
      METRICS_PORT: '0',
      HEALTH_PORT: String(this.health),
      ...more,
    };
    const [program, ...first] = command;
    const words = [...first, 'webhook', `--port=${String(this.port)}`];
    const role = new RoleProcess(spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] }));
    // A benchmark that is ended by a signal does not leave it running.
    process.once('exit', () => role.kill());
    this.role = role;
    await role.says('serving webhooks');
    return role;
  }

  /** Ends it at once. */
  kill(): void {
    this.role?.kill();
  }

  /** Ends it and removes its files. */
  stop(): void {
    this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A new authority. */
export function newAuthority(): Promise<KeyPair> {
  return makeAuthority('test', validity);
}
