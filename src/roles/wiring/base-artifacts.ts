// SPDX-License-Identifier: Apache-2.0
// Base profiles from registries on the manager's runtime: the settings that it reads for them, and the registries that
// it asks.
import { clusterCredentials, CREDENTIALS_SECRET } from '../../core/base-artifacts/credentials.ts';
import { pullBase } from '../../core/base-artifacts/pull.ts';
import { asksForIdentity, trustOf } from '../../core/base-artifacts/trust.ts';
import type { SecretData } from '../../core/base-artifacts/credentials.ts';
import type { Demand } from '../../core/base-artifacts/trust.ts';
import type { Log } from '../../core/log.ts';
import { OBJECT } from '../../core/names.ts';
import { ArtifactError } from '../../core/oci/artifact-error.ts';
import { withMirrors } from '../../core/oci/mirrors.ts';
import type { Mirror } from '../../core/oci/mirrors.ts';
import type { ArtifactSource } from '../../core/oci/store.ts';
import type { Cryptography } from '../../core/signature/judge.ts';
import type { SecurityProfilesOperatorDaemon } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { BaseArtifactHandler } from '../../handlers/manager/base-artifacts.ts';
import type { ArtifactSettings } from '../../handlers/manager/base-artifacts.ts';
import { baseArtifactSource } from '../../handlers/sources/base-artifacts.ts';
import { namedValueSource, typedSecretSource } from '../../handlers/sources/deployment.ts';
import type { SecretObject } from '../../handlers/sources/deployment.ts';
import type { Profile, ProfileKind } from '../../handlers/sources/profiles.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Reader } from '../../runtime/handler.ts';
import type { SpoOperator } from '../../runtime/spo-operator.ts';
import type { ArtifactSide, RegistryAccess } from '../process/artifacts.ts';
import type { ClusterSide } from './profile-kinds.ts';

/** A day: the manual's time after which a tag is looked at again. */
const REFRESH_SECONDS = 86_400;

/** Wires the handler of the base profiles of a kind. */
export function baseArtifactHandler(
  operator: SpoOperator,
  { spodKey, spodSource }: ClusterSide,
  kind: ProfileKind,
  side: ArtifactSide,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): BaseArtifactHandler {
  const { namespace = '' } = spodKey;
  const source = baseArtifactSource(namespace);
  const secrets = typedSecretSource(namespace, CREDENTIALS_SECRET);
  // Of whatever type: before others could be named, this one was taken with any.
  const common = namedValueSource(namespace, OBJECT.registryCredentials, CREDENTIALS_SECRET.key);
  const spods = operator.reader(spodSource);
  const readers = [operator.reader(common), operator.reader(secrets)];
  const registry = new Registry(side, clock, () => spods.get(spodKey)?.spec, readers);
  return new BaseArtifactHandler({
    namespace,
    kind,
    profiles: operator.reader<Profile>(kind.source),
    source,
    objects: operator.reader(source),
    settingSources: [spodSource, common, secrets],
    log: log.named('base-artifact'),
    cryptography: side.cryptography,
    settings: () => registry.settings(),
    pull: (reference, demand, known, signal) =>
      registry.limited(signal, async (source) => {
        const cryptography = await registry.cryptography(demand);
        return pullBase(reference, demand, known, { ...side, cryptography, source });
      }),
    now: () => clock.monotonic(),
  });
}

type Spec = SecurityProfilesOperatorDaemon['spec'];

/** The registries by the settings of now: opened for each pull, which is seldom, and closed after it. */
class Registry {
  private readonly side: ArtifactSide;
  private readonly clock: Clock;
  private readonly spec: () => Spec;
  private readonly secrets: readonly Reader<SecretObject>[];
  private proving: { readonly root: string | undefined; readonly cryptography: Promise<Cryptography> } | undefined;

  constructor(side: ArtifactSide, clock: Clock, spec: () => Spec, secrets: readonly Reader<SecretObject>[]) {
    this.side = side;
    this.clock = clock;
    this.spec = spec;
    this.secrets = secrets;
  }

  private listed(): readonly SecretObject[] {
    return this.secrets.flatMap((reader) => reader.list());
  }

  settings(): ArtifactSettings {
    const spec = this.spec();
    const {
      ociVerification,
      ociTrustedRoot,
      ociMirrors,
      ociCredentials,
      ociCaBundle,
      ociRefreshSeconds = REFRESH_SECONDS,
    } = spec ?? {};
    const disabled = spec?.disableOciArtifactSignatureVerification;
    const versions = this.listed().map(({ metadata }) => [metadata.name, metadata.resourceVersion]);
    const fingerprint = JSON.stringify([
      ociVerification,
      ociTrustedRoot,
      ociMirrors,
      ociCredentials,
      ociCaBundle,
      ociRefreshSeconds,
      disabled,
      versions.sort(),
    ]);
    return { trust: trustOf(spec), refreshMs: ociRefreshSeconds * 1000, fingerprint };
  }

  /** The mathematics for a demand; that of certificates is opened for each root once, where it is asked for. */
  async cryptography(demand: Demand): Promise<Cryptography> {
    if (!asksForIdentity(demand)) return this.side.cryptography;
    const root = this.spec()?.ociTrustedRoot;
    if (this.proving === undefined || this.proving.root !== root) {
      this.proving = { root, cryptography: this.side.certificateCryptography(root) };
    }
    return this.proving.cryptography;
  }

  /** Reads from them in the time that a pull has. Questions that are open at its end fail with that as the reason. */
  async limited<T>(signal: AbortSignal, read: (source: ArtifactSource) => Promise<T>): Promise<T> {
    const { pullLimitMs } = this.side;
    const limit = new AbortController();
    const words = `the whole pull has taken longer than ${String(pullLimitMs / 1000)} s`;
    const end = (): void => limit.abort(new ArtifactError('RegistryUnavailable', words));
    const cancel = this.clock.after(pullLimitMs, end);
    try {
      return await this.opened(AbortSignal.any([signal, limit.signal]), read);
    } finally {
      cancel();
    }
  }

  private async opened<T>(signal: AbortSignal, read: (source: ArtifactSource) => Promise<T>): Promise<T> {
    const { ociCaBundle, ociMirrors = [], ociCredentials = [] } = this.spec() ?? {};
    const secret = (name: string): SecretData | undefined => {
      const found = this.listed().find(({ metadata }) => metadata.name === name);
      return found === undefined ? undefined : (found.data ?? {});
    };
    const credentials: RegistryAccess['credentials'] = (repository) =>
      clusterCredentials(repository, ociCredentials, secret);
    const mirrors: readonly Mirror[] = ociMirrors;
    const registry = this.side.openRegistry({ ca: ociCaBundle, credentials, signal });
    try {
      return await read(withMirrors(registry, mirrors));
    } finally {
      registry.close();
    }
  }
}
