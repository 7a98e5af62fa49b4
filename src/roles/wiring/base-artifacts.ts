// SPDX-License-Identifier: Apache-2.0
// Base profiles from registries on the manager's runtime: the settings that it reads for them, and the registries that
// it asks.
import { isJsonObject } from '../../core/json.ts';
import { pullBase } from '../../core/base-artifacts/pull.ts';
import { trustOf } from '../../core/base-artifacts/trust.ts';
import type { Log } from '../../core/log.ts';
import { OBJECT } from '../../core/names.ts';
import { ArtifactError } from '../../core/oci/artifact-error.ts';
import { configuredCredentials } from '../../core/oci/credentials.ts';
import type { Credentials } from '../../core/oci/credentials.ts';
import { withMirrors } from '../../core/oci/mirrors.ts';
import type { Mirror } from '../../core/oci/mirrors.ts';
import type { Repository } from '../../core/oci/reference.ts';
import type { ArtifactSource } from '../../core/oci/store.ts';
import { textOfBytes, bytesOfBase64, valueOfJson } from '../../core/signature/encoding.ts';
import type { SecurityProfilesOperatorDaemon } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { BaseArtifactHandler } from '../../handlers/manager/base-artifacts.ts';
import type { ArtifactSettings } from '../../handlers/manager/base-artifacts.ts';
import { baseArtifactSource } from '../../handlers/sources/base-artifacts.ts';
import { secretSource } from '../../handlers/sources/deployment.ts';
import type { SecretObject } from '../../handlers/sources/deployment.ts';
import type { Profile, ProfileKind } from '../../handlers/sources/profiles.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { SpoOperator } from '../../runtime/spo-operator.ts';
import type { ArtifactSide } from '../process/artifacts.ts';
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
  const secrets = secretSource(namespace, OBJECT.registryCredentials);
  const [spods, secretReader] = [operator.reader(spodSource), operator.reader(secrets)];
  const secret = (): SecretObject | undefined => secretReader.get({ namespace, name: OBJECT.registryCredentials });
  const registry = new Registry(side, clock, () => spods.get(spodKey)?.spec, secret);
  return new BaseArtifactHandler({
    namespace,
    kind,
    profiles: operator.reader<Profile>(kind.source),
    source,
    objects: operator.reader(source),
    settingSources: [spodSource, secrets],
    log: log.named('base-artifact'),
    cryptography: side.cryptography,
    settings: () => registry.settings(),
    pull: (reference, demand, known, signal) =>
      registry.limited(signal, (source) => pullBase(reference, demand, known, { ...side, source })),
    now: () => clock.monotonic(),
  });
}

type Spec = SecurityProfilesOperatorDaemon['spec'];

/** The registries by the settings of now: opened for each pull, which is seldom, and closed after it. */
class Registry {
  private readonly side: ArtifactSide;
  private readonly clock: Clock;
  private readonly spec: () => Spec;
  private readonly secret: () => SecretObject | undefined;

  constructor(side: ArtifactSide, clock: Clock, spec: () => Spec, secret: () => SecretObject | undefined) {
    this.side = side;
    this.clock = clock;
    this.spec = spec;
    this.secret = secret;
  }

  settings(): ArtifactSettings {
    const spec = this.spec();
    const { ociVerification, ociMirrors, ociCaBundle, ociRefreshSeconds = REFRESH_SECONDS } = spec ?? {};
    const disabled = spec?.disableOciArtifactSignatureVerification;
    const { resourceVersion } = this.secret()?.metadata ?? {};
    const fingerprint = JSON.stringify([
      ociVerification,
      ociMirrors,
      ociCaBundle,
      ociRefreshSeconds,
      disabled,
      resourceVersion,
    ]);
    return { trust: trustOf(spec), refreshMs: ociRefreshSeconds * 1000, fingerprint };
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
    const { ociCaBundle, ociMirrors = [] } = this.spec() ?? {};
    const config = dockerConfig(this.secret());
    const credentials = (repository: Repository): Credentials | undefined => {
      const found = configuredCredentials(config, repository);
      // Programs that know credentials are not in the operator's image.
      return found.type === 'credentials' ? found.credentials : undefined;
    };
    const mirrors: readonly Mirror[] = ociMirrors;
    const registry = this.side.openRegistry({ ca: ociCaBundle, credentials, signal });
    try {
      return await read(withMirrors(registry, mirrors));
    } finally {
      registry.close();
    }
  }
}

function dockerConfig(secret: SecretObject | undefined): unknown {
  const text = textOfBytes(bytesOfBase64(secret?.data?.['.dockerconfigjson']) ?? new Uint8Array());
  const value = valueOfJson(text ?? '');
  return isJsonObject(value) ? value : {};
}
