// SPDX-License-Identifier: Apache-2.0
// The names of a release's files.
import { OPERATOR } from '../../src/core/names.ts';
import type { Platform } from '../image/platforms.ts';

type Arch = Platform['arch'];

/** The address that stands for the documents of our own formats in a release. */
export const AUTHORITY = 'https://security-profiles-operator.x-k8s.io';

/** The folder in the tarball of spoc. */
export function folderName(version: string, arch: Arch): string {
  return `spoc-${version}-linux-${arch}`;
}

/** The tarball of spoc. */
export function tarballName(version: string, arch: Arch): string {
  return `${folderName(version, arch)}.tar.gz`;
}

/** The Debian package, called as dpkg-name would call it. */
export function debianName(version: string, arch: Arch): string {
  return `spoc_${version}_${arch}.deb`;
}

/** The name of the npm package. */
export const NPM_PACKAGE = `@${OPERATOR}/spoc`;

/** The archive of the npm package, called as `npm pack` calls it. */
export function npmName(version: string): string {
  return `${OPERATOR}-spoc-${version}.tgz`;
}

/** The chart, called as Helm calls it. */
export function chartName(version: string): string {
  return `${OPERATOR}-${version}.tgz`;
}

/** The image of all platforms, an OCI archive. */
export function imageName(version: string): string {
  return `${OPERATOR}-${version}-image.tar`;
}

/** The bundle for OLM with its catalog. */
export function bundleName(version: string): string {
  return `${OPERATOR}-${version}-olm.tar.gz`;
}

/** Further files of a release. */
export const FILE = {
  changes: 'CHANGELOG.md',
  krew: 'spoc.yaml',
  sbom: 'sbom.spdx.json',
  provenance: 'provenance.json',
  sums: 'SHA256SUMS',
  signature: 'provenance.sigstore.json',
} as const;
