// SPDX-License-Identifier: Apache-2.0
// The answers of registries that are no success, as errors. Registries write the reason as JSON (distribution's
// errors); others that answer in their place write pages, of which nothing is shown.
import { isJsonObject, parseJson } from '../../core/json.ts';
import { ArtifactError } from '../../core/oci/artifact-error.ts';
import type { ArtifactReason } from '../../core/oci/artifact-error.ts';
import type { Answer } from './exchange.ts';

/** Characters of a stranger's sentence that are shown. */
const SHOWN = 200;

function firstError(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value = parseJson(Buffer.from(body).toString());
    const errors: unknown = isJsonObject(value) ? value['errors'] : undefined;
    const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
    return isJsonObject(first) ? first : {};
  } catch {
    // Not every page of a proxy is JSON; the status says enough.
    return {};
  }
}

/** The registry's own words, in one line of plain characters; empty for none. */
function words(body: Uint8Array): string {
  const { code, message } = firstError(body);
  const parts = [code, message].filter((part): part is string => typeof part === 'string' && part !== '');
  return parts
    .join(', ')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .slice(0, SHOWN);
}

function reasonOf(status: number, text: string): ArtifactReason {
  if (status === 401 || status === 403) return 'RegistryDenied';
  // A registry that has it in a form which was not asked for says 404, too.
  if (status === 404) return /accept header/i.test(text) ? 'InvalidArtifact' : 'ArtifactNotFound';
  return 'RegistryUnavailable';
}

const SENTENCES: Readonly<Record<number, string>> = {
  401: 'refuses the credentials, or asks for some',
  403: 'forbids it',
  404: 'does not have it',
  413: 'says that it is too large',
  429: 'says that it was asked too often',
};

/**
 * The error for an answer that is no success.
 *
 * @param subject - the thing that was asked for
 */
export function refusal({ status, body, url, headers }: Answer, subject: string): ArtifactError {
  const text = words(body);
  const reason = reasonOf(status, text);
  const sentence = reason === 'InvalidArtifact' ? 'has it in a form that is not known' : SENTENCES[status];
  const after = status === 429 && /^\d{1,6}$/.test(headers['retry-after'] ?? '') ? headers['retry-after'] : undefined;
  const wait = after === undefined ? '' : `, again after ${after} s`;
  const own = text === '' ? '' : ` (${text})`;
  const verdict = sentence ?? `answers with status ${String(status)}`;
  return new ArtifactError(reason, `${subject}: ${url.host} ${verdict}${wait}${own}`);
}
