// SPDX-License-Identifier: Apache-2.0
// The keys and certificates of one cluster as files, under the names that kubeadm gives them where it has them.
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KeyPair, Subject } from './certificates.ts';
import { issue, makeAuthority } from './certificates.ts';

/** The keys and certificates of a cluster. */
export interface Pki {
  /** Path of a file in it. */
  file(name: string): string;
  /** Signs what API server and clients of the cluster show to each other. */
  readonly authority: KeyPair;
  /** Of a user who may do everything. */
  readonly admin: KeyPair;
}

const ADMIN_SUBJECT: Subject = { commonName: 'lab-admin', organizations: ['system:masters'] };

/**
 * Makes the keys and certificates of a new cluster.
 * @param hosts - DNS names and addresses by which the API server is reached
 */
export async function makePki(folder: string, hosts: readonly string[]): Promise<Pki> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authority = await makeAuthority('lab');
  const frontProxy = await makeAuthority('lab front proxy');
  await writePair(folder, 'ca', authority);
  await writePair(folder, 'front-proxy-ca', frontProxy);
  await issueTo(folder, 'apiserver', authority, { commonName: 'kube-apiserver', hosts });
  // The identity by which the API server passes requests on to aggregated API servers.
  await issueTo(folder, 'front-proxy-client', frontProxy, { commonName: 'front-proxy-client' });
  await issueTo(folder, 'apiserver-kubelet-client', authority, {
    commonName: 'kube-apiserver-kubelet-client',
    organizations: ['system:masters'],
  });
  await issueTo(folder, 'admin', authority, ADMIN_SUBJECT);
  await writeAccountKeys(folder);
  return readPki(folder);
}

/** Reads what makePki() has written. */
export async function readPki(folder: string): Promise<Pki> {
  return {
    file: (name) => path.join(folder, name),
    authority: await readPair(folder, 'ca'),
    admin: await readPair(folder, 'admin'),
  };
}

/** Issues one more certificate and writes it as NAME.crt and NAME.key. */
export async function issueTo(folder: string, name: string, authority: KeyPair, subject: Subject): Promise<KeyPair> {
  const pair = await issue(authority, subject);
  await writePair(folder, name, pair);
  return pair;
}

async function writeAccountKeys(folder: string): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await writeFile(path.join(folder, 'sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  await writeFile(path.join(folder, 'sa.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
}

async function writePair(folder: string, name: string, pair: KeyPair): Promise<void> {
  await writeFile(path.join(folder, `${name}.crt`), pair.certificate);
  await writeFile(path.join(folder, `${name}.key`), pair.key, { mode: 0o600 });
}

async function readPair(folder: string, name: string): Promise<KeyPair> {
  return {
    certificate: await readFile(path.join(folder, `${name}.crt`), 'utf8'),
    key: await readFile(path.join(folder, `${name}.key`), 'utf8'),
  };
}
