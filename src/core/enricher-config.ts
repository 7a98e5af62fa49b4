// SPDX-License-Identifier: Apache-2.0
// Settings of the log enricher and of the JSON enricher, from the environment.
import { parseFilters } from './audit/filters.ts';
import type { LineFilter } from './audit/filters.ts';
import { nodeNameOf, parseSettings } from './config.ts';
import type { Settings } from './config.ts';
import { ENV } from './env.ts';
import type { Environment } from './env.ts';
import { AUDIT_LOG, ENRICHER_POSITION, ENRICHER_SOCKET } from './names.ts';
import { directory, integer, text } from './variables.ts';

/** The log enricher's further settings. */
export interface EnricherSettings extends Settings {
  readonly nodeName: string;
  /** Where the node's /proc is. */
  readonly hostProc: string;
  /** Where it offers its metrics to the daemon. */
  readonly socket: string;
  /** Where it keeps how far it has read, for the next start of its container. */
  readonly positionFile: string;
  /** Which lines it prints. */
  readonly filter: LineFilter;
}

/** The JSON enricher's further settings. */
export interface JsonEnricherSettings extends Omit<EnricherSettings, 'socket'> {
  readonly auditLog: AuditLogSettings;
}

/** How the JSON enricher writes. */
export interface AuditLogSettings {
  /** How long the calls of a program are gathered, in milliseconds. */
  readonly intervalMs: number;
  /** The file; undefined: standard output. */
  readonly file: string | undefined;
  readonly rotation: { readonly maxSize: number; readonly maxBackups: number; readonly maxAgeMs: number | undefined };
}

/**
 * Settings of the log enricher.
 * @throws RangeError also when NODE_NAME is missing, or ENRICHER_FILTERS is no list of rules
 */
export function parseEnricherSettings(env: Environment): EnricherSettings {
  return {
    ...parseSettings(env),
    nodeName: nodeNameOf(env),
    hostProc: directory(env, ENV.hostProc, '/proc'),
    socket: text(env, ENV.enricherSocket) ?? ENRICHER_SOCKET,
    positionFile: text(env, ENV.enricherPosition) ?? ENRICHER_POSITION,
    filter: parseFilters(env[ENV.enricherFilters] ?? ''),
  };
}

/**
 * Settings of the JSON enricher.
 * @throws RangeError as for the log enricher
 */
export function parseJsonEnricherSettings(env: Environment): JsonEnricherSettings {
  return { ...parseEnricherSettings(env), auditLog: auditLogSettings(env) };
}

function auditLogSettings(env: Environment): AuditLogSettings {
  const days = integer(env, ENV.auditLogMaxAge, 0);
  return {
    intervalMs: integer(env, ENV.auditLogInterval, AUDIT_LOG.intervalSeconds) * 1000,
    file: text(env, ENV.auditLogPath),
    rotation: {
      maxSize: integer(env, ENV.auditLogMaxSize, AUDIT_LOG.maxSizeMegabytes) * 1024 * 1024,
      maxBackups: integer(env, ENV.auditLogMaxBackups, AUDIT_LOG.maxBackups),
      maxAgeMs: days === 0 ? undefined : days * 86_400_000,
    },
  };
}
