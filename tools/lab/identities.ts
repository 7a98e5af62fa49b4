// SPDX-License-Identifier: Apache-2.0
// Users of a cluster other than its administrator: tests of access rights act as them.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ApiClient } from './api-client.ts';
import { issue } from './certificates.ts';
import { textAt } from './json-path.ts';
import type { Credentials } from './kubeconfig.ts';
import { renderKubeconfig } from './kubeconfig.ts';
import type { Pki } from './pki.ts';

/** A user of a cluster. */
export interface Identity {
  /** File of the user's own. */
  readonly kubeconfig: string;
  readonly credentials: Credentials;
  /** Requests as this user. */
  readonly client: ApiClient;
}

/** Makes identities in one cluster. */
export class Identities {
  private readonly folder: string;
  private readonly url: string;
  private readonly pki: Pki;
  private readonly admin: ApiClient;
  private count = 0;

  /** For ControlPlane and Cluster. */
  constructor(folder: string, url: string, pki: Pki, admin: ApiClient) {
    this.folder = path.join(folder, 'users');
    this.url = url;
    this.pki = pki;
    this.admin = admin;
  }

  /** Text of the administrator's kubeconfig. */
  get adminKubeconfig(): string {
    return renderKubeconfig(this.url, this.pki.authority.certificate, this.pki.admin);
  }

  /** A user known by a client certificate. Its permissions come from RBAC, except for the group `system:masters`. */
  async user(name: string, groups: readonly string[] = []): Promise<Identity> {
    return this.identity(await issue(this.pki.authority, { commonName: name, organizations: groups }));
  }

  /**
   * A service account known by a token, as a pod has it. Namespace and account are made if they don't exist.
   * @param pod - the pod that the token is for, and whose node it names then
   * @throws Error when the API server refuses
   */
  async serviceAccount(
    namespace: string,
    name: string,
    pod?: { readonly name: string; readonly uid: string },
  ): Promise<Identity> {
    await this.make('/api/v1/namespaces', { metadata: { name: namespace } });
    const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    await this.make(accounts, { metadata: { name } });
    const spec = pod === undefined ? {} : { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', ...pod } };
    const { status, body } = await this.admin.request('POST', `${accounts}/${name}/token`, { spec });
    const token = textAt(body, 'status', 'token');
    if (token === undefined) {
      throw new Error(`token of service account ${namespace}/${name}: status ${status} ${JSON.stringify(body)}`);
    }
    return this.identity({ token });
  }

  private async make(collection: string, object: object): Promise<void> {
    const { status, body } = await this.admin.request('POST', collection, object);
    if (status !== 201 && status !== 409)
      throw new Error(`POST ${collection}: status ${status} ${JSON.stringify(body)}`);
  }

  private async identity(credentials: Credentials): Promise<Identity> {
    const authority = this.pki.authority.certificate;
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const kubeconfig = path.join(this.folder, `${++this.count}.kubeconfig`);
    await writeFile(kubeconfig, renderKubeconfig(this.url, authority, credentials), { mode: 0o600 });
    return { kubeconfig, credentials, client: new ApiClient(this.url, authority, credentials) };
  }
}
