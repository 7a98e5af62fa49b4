// SPDX-License-Identifier: Apache-2.0
// The way to a running API server, with or without a node: where it is, requests to it, kubectl, and other users.
import path from 'node:path';
import { run } from '../image/command.ts';
import { ApiClient } from './api-client.ts';
import { Identities } from './identities.ts';
import type { Pki } from './pki.ts';

/** Access to a cluster from this machine. */
export class Access {
  /** Folder of the instance. */
  readonly folder: string;
  /** URL of the API server. */
  readonly url: string;
  /** File for a user who may do everything. */
  readonly kubeconfig: string;
  /** Folder of the programs, kubectl among them. */
  readonly bin: string;
  /** Requests with every right. */
  readonly admin: ApiClient;
  /** Other users, for tests of access rights. */
  readonly identities: Identities;

  /** @param folder - of the instance, which holds its kubeconfig and its programs */
  constructor(folder: string, url: string, pki: Pki) {
    this.folder = folder;
    this.url = url;
    this.kubeconfig = path.join(folder, 'kubeconfig');
    this.bin = path.join(folder, 'bin');
    this.admin = new ApiClient(url, pki.authority.certificate, pki.admin);
    this.identities = new Identities(folder, url, pki, this.admin);
  }

  /**
   * Runs kubectl with every right and returns its output.
   * @throws Error with the end of its stderr when it fails
   */
  async kubectl(...args: readonly string[]): Promise<string> {
    return run(path.join(this.bin, 'kubectl'), args, { env: { KUBECONFIG: this.kubeconfig } });
  }
}
