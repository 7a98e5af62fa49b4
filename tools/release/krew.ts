// SPDX-License-Identifier: Apache-2.0
// The manifest by which krew, the package manager of kubectl's plugins, installs spoc as `kubectl spoc`.
// Format: https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest/
import { stringify } from 'yaml';
import { PLATFORMS } from '../image/platforms.ts';
import type { Digests } from './digests.ts';
import { folderName, tarballName } from './names.ts';

/**
 * The text of the manifest.
 *
 * @param digests - of the tarballs, by their names
 * @param url - where the files of the release are, without a slash at its end
 * @throws Error when a tarball has no digest
 */
export function printKrew(version: string, url: string, digests: Digests): string {
  const platforms = PLATFORMS.map(({ arch }) => {
    const name = tarballName(version, arch);
    const sha256 = digests.get(name);
    if (sha256 === undefined) throw new Error(`there is no ${name}`);
    return {
      selector: { matchLabels: { os: 'linux', arch } },
      uri: `${url}/${name}`,
      sha256,
      files: [{ from: `${folderName(version, arch)}/*`, to: '.' }],
      bin: 'bin/spoc',
    };
  });
  const description =
    'Records the system calls of a command as a profile, runs commands under profiles of seccomp and AppArmor,\n' +
    'merges, judges and shares profiles, and looks at what the Security Profiles Operator has in a cluster.\n';
  const spec = {
    version: `v${version}`,
    homepage: url,
    shortDescription: 'Record, enforce and share security profiles',
    description,
    platforms,
  };
  const plugin = {
    apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
    kind: 'Plugin',
    metadata: { name: 'spoc' },
  };
  return stringify({ ...plugin, spec }, { lineWidth: 0 });
}
