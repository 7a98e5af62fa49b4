// SPDX-License-Identifier: Apache-2.0
// Questions to services beside registries, those of signing.
import { ArtifactError } from '../../core/oci/artifact-error.ts';
import { isLoopback } from '../../core/oci/challenge.ts';
import { textOfBytes } from '../../core/signature/encoding.ts';
import { Exchange } from './exchange.ts';
import type { Answer, ExchangeOptions, Question } from './exchange.ts';
import { isBusy } from './patience.ts';

/** Bytes of an answer: a log's entry has 10,000. */
const MOST_ANSWER_BYTES = 1024 * 1024;

/** Characters of a service's own words in a message. */
const MOST_WORDS = 300;

/** Services that answer. */
export interface Services {
  /** Sends a body; rejects with an ArtifactError `RegistryUnavailable` or `RegistryDenied` that names the service. */
  readonly post: (url: URL, type: string, body: Uint8Array) => Promise<Uint8Array>;
  /** Reads, with a bearer token where there is one. */
  readonly get: (url: URL, bearer?: string) => Promise<Uint8Array>;
  /** Ends the connections. */
  close(): void;
}

/** Opens them. */
export function openServices(options: ExchangeOptions): Services {
  const exchange = new Exchange(options);
  const ask = async (question: Question): Promise<Uint8Array> => {
    const answer = await exchange.send(question);
    if (answer.status === 200 || answer.status === 201) return answer.body;
    throw refusal(answer);
  };
  const accept = 'application/json, application/timestamp-reply';
  return {
    post: (url, type, body) => {
      const headers = { 'content-type': type, accept };
      return ask({ method: 'POST', url: safe(url), headers, body, limit: MOST_ANSWER_BYTES });
    },
    get: (url, bearer) => {
      const headers = { accept, ...(bearer === undefined ? {} : { authorization: `bearer ${bearer}` }) };
      return ask({ method: 'GET', url: safe(url), headers, limit: MOST_ANSWER_BYTES });
    },
    close: () => exchange.close(),
  };
}

/** A token that goes over plain http is everybody's. */
function safe(url: URL): URL {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url;
  throw new ArtifactError('InvalidReference', `${url.href}: is not https, and not of this machine`);
}

function refusal(answer: Answer): ArtifactError {
  const { status, url, body } = answer;
  const text = textOfBytes(body.subarray(0, 4 * MOST_WORDS))?.trim() ?? '';
  // Printable characters alone: it ends in a terminal.
  const words = text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, MOST_WORDS);
  const said = words === '' ? '' : `: ${words}`;
  const reason = isBusy(answer) ? 'RegistryUnavailable' : 'RegistryDenied';
  return new ArtifactError(reason, `${url.host}: answers ${String(status)} to ${url.pathname}${said}`);
}
