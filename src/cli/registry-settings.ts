// SPDX-License-Identifier: Apache-2.0
// The settings with which commands speak to a registry: what their options and the environment say together.
import type { Environment } from '../core/env.ts';
import type { Credentials } from '../core/oci/credentials.ts';
import { parseMirror } from '../core/oci/mirrors.ts';
import type { Mirror } from '../core/oci/mirrors.ts';
import { parsePlatform } from '../core/oci/platform.ts';
import type { Platform } from '../core/oci/platform.ts';
import type { ArtifactReference } from '../core/oci/reference.ts';
import type { ArtifactStore } from '../core/oci/store.ts';
import type { SignatureMachine } from './artifact-signatures.ts';
import { UserError } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import type { Build } from './version.ts';

/** How a registry is spoken to. */
export interface RegistrySettings {
  readonly plainHttp: boolean;
  /** A file with certificates that are trusted besides the usual ones. */
  readonly caFile: string | undefined;
  readonly mirrors: readonly Mirror[];
  /** The user's word on one registry; others, and all without it, are looked up. */
  readonly login: { readonly registry: string; readonly credentials: Credentials } | undefined;
}

/** The machine as pulling needs it. */
export interface PullingMachine extends Pick<SignatureMachine, 'openVerifier'> {
  readonly build: Build;
  readonly env: Environment;
  /** @param signal - ends whatever is being asked of it */
  openRegistry(settings: RegistrySettings, signal?: AbortSignal): Promise<ArtifactStore>;
}

/** The machine as pushing needs it, too. */
export type ArtifactMachine = PullingMachine & SignatureMachine;

/** The options as commander gives them. */
export interface RegistryOptions {
  readonly username?: string;
  readonly passwordStdin?: boolean;
  readonly plainHttp?: boolean;
  readonly caFile?: string;
  readonly mirror?: readonly string[];
}

/** The platform of this machine, for which profiles are pushed and pulled where none is named. */
export function platformHere({ build }: PullingMachine): Platform {
  return readPlatform(build.platform);
}

/** @throws UserError for a text that names no platform */
export function readPlatform(text: string): Platform {
  const platform = parsePlatform(text);
  if (platform === undefined) throw new UserError(`${text}: is no platform such as linux/amd64 or linux/arm/v7`);
  return platform;
}

function readMirror(text: string): Mirror {
  const mirror = parseMirror(text);
  if (mirror !== undefined) return mirror;
  throw new UserError(`--mirror ${text}: is not of the form ghcr.io/profiles=mirror.example:5000/profiles`);
}

function variable(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}

async function passwordOf(
  { passwordStdin = false }: RegistryOptions,
  env: Environment,
  terminal: Terminal,
): Promise<string | undefined> {
  if (!passwordStdin) return variable(env, 'SPOC_PASSWORD') ?? variable(env, 'PASSWORD');
  const password = (await terminal.files.read('-')).replace(/\r?\n$/, '');
  if (password === '') throw new UserError('--password-stdin: standard input is empty');
  return password;
}

/** USERNAME alone is a variable that many shells set: only both together are meant for us. */
async function loginOf(
  options: RegistryOptions,
  env: Environment,
  terminal: Terminal,
): Promise<Credentials | undefined> {
  const username = options.username ?? variable(env, 'SPOC_USERNAME') ?? variable(env, 'USERNAME');
  const password = await passwordOf(options, env, terminal);
  if (username !== undefined && password !== undefined) return { type: 'basic', username, password };
  if (options.username !== undefined) {
    throw new UserError('--username: its password is missing: give --password-stdin, or set SPOC_PASSWORD');
  }
  if (options.passwordStdin === true) throw new UserError('--password-stdin: whose it is, --username says');
  return undefined;
}

/**
 * The settings for the registry of an artifact.
 * @throws UserError for options that contradict each other
 */
export async function registrySettings(
  options: RegistryOptions,
  { repository }: ArtifactReference,
  env: Environment,
  terminal: Terminal,
): Promise<RegistrySettings> {
  const credentials = await loginOf(options, env, terminal);
  return {
    plainHttp: options.plainHttp ?? false,
    caFile: options.caFile,
    mirrors: (options.mirror ?? []).map(readMirror),
    login: credentials === undefined ? undefined : { registry: repository.registry, credentials },
  };
}
