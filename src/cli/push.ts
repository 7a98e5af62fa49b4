// SPDX-License-Identifier: Apache-2.0
// spoc push: profiles as an artifact in a registry, one for each platform. All files are looked at before anything is
// sent, and the manifest goes last, so that no name ever stands for a part.
import { Argument, Command, Option } from 'commander';
import type { PlacedProfile } from '../core/evidence/recording-statement.ts';
import { artifactManifest, EMPTY_JSON } from '../core/oci/artifact.ts';
import { CREATED, OCI_MANIFEST } from '../core/oci/media-types.ts';
import { platformText } from '../core/oci/platform.ts';
import type { Platform } from '../core/oci/platform.ts';
import { parseReference, referenceText, repositoryName, wantedVersion } from '../core/oci/reference.ts';
import type { ArtifactReference } from '../core/oci/reference.ts';
import { runtimeManifest } from '../core/oci/runtime-artifact.ts';
import type { ArtifactStore } from '../core/oci/store.ts';
import { checkArtifactText } from './artifact-profile.ts';
import type { CheckedProfile } from './artifact-profile.ts';
import { signArtifact } from './artifact-signatures.ts';
import { readKeys } from './key-files.ts';
import type { ArtifactSigner } from './artifact-signatures.ts';
import { repeatedOption } from './command.ts';
import type { Finish } from './command.ts';
import { addKeylessOptions, keylessRequest } from './keyless-options.ts';
import type { KeylessOptions } from './keyless-options.ts';
import { DEFAULT_PROFILE } from './profile-document.ts';
import { attestRecording } from './recording-attestation.ts';
import { addRegistryOptions } from './registry-options.ts';
import { platformHere, readPlatform, registrySettings } from './registry-settings.ts';
import type { ArtifactMachine, RegistryOptions } from './registry-settings.ts';
import { SUCCESS, UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The user's request. */
export interface PushRequest {
  readonly reference: string;
  /** At least one, as platforms. */
  readonly profiles: readonly string[];
  readonly platforms: readonly Platform[];
  /** Whether the user has named them. */
  readonly arePlatformsNamed: boolean;
  readonly annotations: Readonly<Record<string, string>>;
  readonly registry: RegistryOptions;
  readonly sign: boolean;
  /** File with the private key that signs. */
  readonly key: string | undefined;
  /** Whether it signs what it has signed before. */
  readonly force: boolean;
  /** For signing without one. */
  readonly keyless: KeylessOptions;
}

/** The text of a profile, ready to be sent. */
interface Part {
  readonly platform: Platform;
  readonly form: CheckedProfile['form'];
  readonly bytes: Uint8Array;
  readonly digest: string;
  readonly learnt: CheckedProfile['learnt'];
}

/** Seconds since 1970 (reproducible-builds.org/specs/source-date-epoch), as RFC 3339 writes them. */
function createdAt(epoch: string | undefined): Readonly<Record<string, string>> {
  if (epoch === undefined || epoch === '') return {};
  if (!/^\d{1,11}$/.test(epoch)) throw new UserError('SOURCE_DATE_EPOCH: is no number of seconds');
  return { [CREATED]: new Date(Number(epoch) * 1000).toISOString().replace('.000Z', 'Z') };
}

function requireMatch({ profiles, platforms }: PushRequest): void {
  if (profiles.length !== platforms.length) {
    const counts = `${String(profiles.length)} profiles and ${String(platforms.length)} platforms`;
    throw new UserError(`${counts} are given: each profile needs one`);
  }
  const names = platforms.map(platformText);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UserError(`--platforms ${twice}: is given twice`);
}

async function readParts(
  { profiles, platforms }: PushRequest,
  machine: ArtifactMachine,
  terminal: Terminal,
): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (const [index, platform] of platforms.entries()) {
    const file = profiles[index] ?? DEFAULT_PROFILE;
    const text = await terminal.files.read(file);
    const { title, form, learnt } = await checkArtifactText(text, file, terminal);
    const scope = form === 'object' ? `platform ${platformText(platform)}` : 'every platform';
    terminal.log(`Adding profile ${file} for ${scope}: ${title}`);
    const digest = `sha256:${machine.sha256(text)}`;
    parts.push({ platform, form, bytes: new TextEncoder().encode(text), digest, learnt });
  }
  return parts;
}

/** The text of the manifest, in the form of the profiles. */
function manifestOf(
  parts: readonly Part[],
  { arePlatformsNamed }: PushRequest,
  annotations: Readonly<Record<string, string>>,
): string {
  const blobs = parts.map(({ platform, digest, bytes }) => ({ platform, digest, size: bytes.length }));
  const [only] = blobs;
  if (only === undefined || parts.every(({ form }) => form === 'object')) return artifactManifest(blobs, annotations);
  if (parts.length === 1 && !arePlatformsNamed) return runtimeManifest(only, annotations);
  throw new UserError('the JSON of runtimes is pushed alone and for every platform: leave other profiles and -p out');
}

async function send(
  store: ArtifactStore,
  reference: ArtifactReference,
  parts: readonly Part[],
  manifest: { readonly text: string; readonly digest: string },
  terminal: Terminal,
): Promise<void> {
  const { repository } = reference;
  await store.pushBlob(repository, new TextEncoder().encode(EMPTY_JSON.text), EMPTY_JSON.digest);
  const blobs = new Map(parts.map((part) => [part.digest, part]));
  for (const { digest, bytes } of blobs.values()) {
    const isThere = (await store.pushBlob(repository, bytes, digest)) === 'present';
    terminal.log(`${isThere ? 'Is there already' : 'Sent'}: ${digest}, ${String(bytes.length)} bytes`);
  }
  const bytes = new TextEncoder().encode(manifest.text);
  const { result } = await store.pushManifest(repository, wantedVersion(reference), OCI_MANIFEST, bytes);
  const words = result === 'present' ? 'Is there already' : 'Pushed';
  terminal.log(`${words}: ${referenceText({ ...reference, digest: manifest.digest })}`);
}

/** The key or the token is looked at before anything is sent. */
async function signerOf(
  { sign, key, keyless, force }: PushRequest,
  machine: ArtifactMachine,
  terminal: Terminal,
): Promise<ArtifactSigner | undefined> {
  if (!sign) {
    const given = { '--key': key, '--identity-token': keyless.identityToken, '--force': force || undefined };
    const [option] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
    if (option !== undefined) throw new UserError(`${option}: with --sign=false nothing is signed`);
    return undefined;
  }
  if (key !== undefined && keyless.identityToken !== undefined) {
    throw new UserError('--key and --identity-token exclude each other: one signs');
  }
  const [file] = key === undefined ? [] : await readKeys([key], terminal);
  if (file !== undefined) return machine.openSigner(file);
  const request = await keylessRequest(keyless, machine.env, machine.isInteractive, terminal);
  if (request !== undefined) return machine.openKeylessSigner(request, (line) => terminal.log(line));
  const ways =
    '--key names a private key, --identity-token a token of an issuer; --sign=false pushes without a signature';
  throw new UserError(`who signs it? ${ways}`);
}

/**
 * Pushes, and prints the artifact's name by its digest.
 * @throws UserError for a wrong request, InvalidProfile with every fault of a profile, ArtifactError
 */
export async function push(request: PushRequest, machine: ArtifactMachine, terminal: Terminal): Promise<ExitResult> {
  const reference = parseReference(request.reference);
  if (reference.digest !== undefined) {
    throw new UserError(`${request.reference}: a digest follows from what is pushed: give a tag`);
  }
  requireMatch(request);
  const signer = await signerOf(request, machine, terminal);
  const created = createdAt(machine.env['SOURCE_DATE_EPOCH']);
  const settings = await registrySettings(request.registry, reference, machine.env, terminal);
  terminal.log(`Pushing to: ${referenceText(reference)}`);
  const parts = await readParts(request, machine, terminal);
  const text = manifestOf(parts, request, { ...created, ...request.annotations });
  const digest = `sha256:${machine.sha256(text)}`;
  const store = await machine.openRegistry(settings);
  await send(store, reference, parts, { text, digest }, terminal);
  const subject = { mediaType: OCI_MANIFEST, digest, size: new TextEncoder().encode(text).length };
  if (signer === undefined) terminal.log('Pushed without a signature');
  else {
    await signArtifact(store, reference, subject, signer, request, machine, terminal);
    await attestRecording(store, reference, subject, parts.flatMap(placed), signer, machine, terminal);
  }
  terminal.print(`${repositoryName(reference.repository)}@${digest}\n`);
  return SUCCESS;
}

function placed({ platform, digest, learnt }: Part): readonly PlacedProfile[] {
  return learnt === undefined ? [] : [{ platform: platformText(platform), digest, profile: learnt }];
}

function readAnnotation(text: string): readonly [key: string, value: string] {
  const colon = text.indexOf(':');
  if (colon > 0) return [text.slice(0, colon), text.slice(colon + 1)];
  throw new UserError(`--annotations ${text}: is not of the form KEY:VALUE`);
}

type PushOptions = RegistryOptions &
  KeylessOptions & {
    readonly profiles?: readonly string[];
    readonly platforms?: readonly string[];
    readonly annotations?: readonly string[];
    readonly sign: 'true' | 'false';
    readonly key?: string;
    readonly force?: boolean;
  };

function requestOf(reference: string, options: PushOptions, machine: ArtifactMachine): PushRequest {
  const { profiles = [DEFAULT_PROFILE], platforms, annotations = [], sign } = options;
  return {
    reference,
    profiles,
    arePlatformsNamed: platforms !== undefined,
    platforms: platforms === undefined ? [platformHere(machine)] : platforms.map(readPlatform),
    annotations: Object.fromEntries(annotations.map(readAnnotation)),
    registry: options,
    sign: sign === 'true',
    key: options.key,
    force: options.force ?? false,
    keyless: options,
  };
}

/** The command and its options. */
export function pushCommand(machine: ArtifactMachine, terminal: Terminal, finish: Finish): Command {
  const command = new Command('push')
    .alias('p')
    .summary('push security profiles to a registry, as an artifact')
    .description(
      'Pushes profiles as one artifact, a profile for each platform, and prints its name by digest. Profiles and platforms are ' +
        'matched in the order in which they are given; one of each may be left out. The same profiles give the same digest; ' +
        'SOURCE_DATE_EPOCH adds when it was created. The JSON of runtimes is pushed alone, in the form that runtimes pull by ' +
        'themselves (KEP-6061), when it is what they take.',
    )
    .addArgument(new Argument('<reference>', 'registry/repository:tag'))
    .addOption(repeatedOption('-f, --profiles <file>', `a profile (repeatable; default: "${DEFAULT_PROFILE}")`))
    .addOption(
      repeatedOption(
        '-p, --platforms <os/arch>',
        'the platform of a profile (repeatable; default: that of this machine)',
      ),
    )
    .addOption(repeatedOption('-a, --annotations <key:value>', 'an annotation of the artifact (repeatable)'))
    .option('-k, --key <file>', 'the private key that signs it, PEM or of cosign; its password is COSIGN_PASSWORD')
    .addOption(new Option('--sign <whether>', 'sign the artifact').choices(['true', 'false']).default('true'))
    .option('--force', 'sign again what this key has signed already');
  return addRegistryOptions(addKeylessOptions(command)).action(async (reference: string, options: PushOptions) => {
    finish(await push(requestOf(reference, options, machine), machine, terminal));
  });
}
