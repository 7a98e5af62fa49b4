// SPDX-License-Identifier: Apache-2.0
// The name of our own image: what `npm run image` writes into the archive is what the manifests ask the node for. It
// has no registry in it, because a node that holds the image (imagePullPolicy IfNotPresent) asks none.
import { OPERATOR } from '../names.ts';
import { VERSION } from '../version.ts';

/** Folder of our code and compiled programs in the image. */
export const IMAGE_FOLDER = '/opt/spo';

/** The image as manifests and `podman run` name it. */
export const IMAGE = `${OPERATOR}:${VERSION}`;

/** The fields of a container that say which image it runs, and when the node asks a registry for it. */
export function imageOf({ image, imagePullPolicy }: { readonly image: string; readonly imagePullPolicy: string }) {
  return { image, imagePullPolicy };
}

/**
 * The full name under which a container runtime stores an image: a name without a registry belongs to Docker's, one
 * without a folder to its `library`, one without tag and digest is `latest`.
 * Source: the reference grammar of the OCI distribution project, as containerd and podman normalise names.
 */
export function fullImageName(name: string): string {
  const segments = name.split('/');
  const host = segments.length > 1 ? (segments[0] ?? '') : '';
  const hasHost = host === 'localhost' || /[.:]/.test(host);
  const path = segments.length === 1 ? `library/${name}` : name;
  const last = segments.at(-1) ?? '';
  const tagged = last.includes(':') || last.includes('@') ? path : `${path}:latest`;
  return hasHost ? tagged : `docker.io/${tagged}`;
}
