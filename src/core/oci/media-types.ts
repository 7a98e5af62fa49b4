// SPDX-License-Identifier: Apache-2.0
// Media types and annotations of artifacts. Sources: opencontainers/image-spec v1.1 (media-types.md, annotations.md),
// distribution's older schemas, KEP-6061 for the runtime form, and the artifacts that the manual prints.

/** An image manifest, which artifacts are as well. */
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** A list of manifests, one for each platform. */
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';

/** Docker's manifest, of the same form. */
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/** Docker's list of manifests. */
export const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';

/** Manifests, and lists of them. */
export const MANIFEST_TYPES: readonly string[] = [OCI_MANIFEST, DOCKER_MANIFEST];

/** Lists of manifests. */
export const INDEX_TYPES: readonly string[] = [OCI_INDEX, DOCKER_LIST];

/**
 * The types that a request for a manifest accepts: registries say 404 to one that does not name the type of the one
 * that they have, also where it accepts anything.
 */
export const ACCEPTED_MANIFESTS = [...MANIFEST_TYPES, ...INDEX_TYPES].join(', ');

/** The config of an artifact that needs none: `{}`. */
export const EMPTY_CONFIG = 'application/vnd.oci.empty.v1+json';

/** The config of the artifacts that the original pushes: `{}`, too. */
export const UNKNOWN_CONFIG = 'application/vnd.unknown.config.v1+json';

/** A seccomp profile as container runtimes take it (KEP-6061), as the type of the config or of the artifact. */
export const SECCOMP_CONFIG = 'application/vnd.cncf.seccomp-profile.config.v1+json';

/** Layers of the original's artifacts, which are YAML all the same. */
export const PROFILE_LAYER = 'application/vnd.oci.image.layer.v1.tar';

/** The layer of a runtime artifact. */
export const JSON_LAYER = 'application/json';

/** The file name of a layer. */
export const TITLE = 'org.opencontainers.image.title';

/** When the artifact was made, RFC 3339. */
export const CREATED = 'org.opencontainers.image.created';
