// SPDX-License-Identifier: Apache-2.0
// Asks one registry: where it is, how it wants to be asked, and where it sends us. A redirect is followed for reading
// only, and the authorization stays behind when it leads to another host.
import { ArtifactError } from '../../core/oci/artifact-error.ts';
import { isLoopback } from '../../core/oci/challenge.ts';
import type { Credentials } from '../../core/oci/credentials.ts';
import type { Repository } from '../../core/oci/reference.ts';
import { authorize } from './authorization.ts';
import type { Access } from './authorization.ts';
import type { Answer, Exchange, Question } from './exchange.ts';
import { refusal } from './refusal.ts';

/** Redirects that are followed for one question. */
const MAX_REDIRECTS = 5;

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Docker Hub's registry is not at the address in its names. */
const DOCKER_HUB = { name: 'docker.io', host: 'registry-1.docker.io' };

/** Asks a repository: the path behind `/v2/NAME/`. */
export type AskRepository = (
  access: Access,
  path: string,
  question: Omit<Question, 'url' | 'headers'> & { readonly headers?: Readonly<Record<string, string>> },
) => Promise<Answer>;

/** Finds credentials for a repository; undefined for none. */
export type FindCredentials = (repository: Repository) => Promise<Credentials | undefined>;

/** The address of a registry. */
export function addressOf(registry: string, plainHttp: boolean): URL {
  const host = registry === DOCKER_HUB.name ? DOCKER_HUB.host : registry;
  const url = URL.parse(`https://${host}/`);
  if (url === null) throw new ArtifactError('InvalidReference', `${registry}: is no host`);
  if (!plainHttp) return url;
  if (isLoopback(url.hostname)) return new URL(`http://${host}/`);
  const advice = 'plain http is for localhost, 127.0.0.0/8 and [::1] only';
  throw new ArtifactError('InvalidReference', `${registry}: ${advice}`);
}

/** The questions to one registry, and the authorization that it has given. */
export class Session {
  readonly base: URL;
  private readonly exchange: Exchange;
  private readonly findCredentials: FindCredentials;
  private readonly granted = new Map<string, string>();

  constructor(base: URL, exchange: Exchange, findCredentials: FindCredentials) {
    this.base = base;
    this.exchange = exchange;
    this.findCredentials = findCredentials;
  }

  /**
   * Asks, with authorization where the registry wants it. Redirects of GET and HEAD are followed.
   * @throws ArtifactError
   */
  async ask(repository: Repository, access: Access, question: Question): Promise<Answer> {
    const key = `${access} ${repository.path}`;
    const first = await this.follow(question, this.granted.get(key));
    if (first.status !== 401 || first.url.origin !== this.base.origin) return first;
    const header = first.headers['www-authenticate'] ?? '';
    const credentials = await this.findCredentials(repository);
    const scope = { path: repository.path, access };
    const authorization = await authorize(this.exchange, this.base, header, scope, credentials);
    this.granted.set(key, authorization);
    return this.follow(question, authorization);
  }

  /** A link of the registry's as an address that may be asked. */
  resolve(link: string | undefined, from: URL): URL {
    const url = link === undefined ? null : URL.parse(link, from.href);
    if (url === null) {
      throw new ArtifactError('RegistryUnavailable', `${from.host}: sends us nowhere that is an address`);
    }
    const isPlain = this.base.protocol === 'http:' && url.protocol === 'http:' && isLoopback(url.hostname);
    if ((url.protocol === 'https:' || isPlain) && url.username === '') return url;
    const shown = JSON.stringify(`${url.protocol}//${url.host}`);
    throw new ArtifactError('RegistryUnavailable', `${from.host}: sends us to ${shown}, which is not https`);
  }

  private async follow(question: Question, authorization: string | undefined): Promise<Answer> {
    let url = question.url;
    let isHome = true;
    for (let count = 0; count <= MAX_REDIRECTS; count += 1) {
      // Away once is away for good: another host could send us back with an address of its choice.
      isHome &&= url.origin === this.base.origin;
      const own = authorization === undefined || !isHome ? {} : { authorization };
      const answer = await this.exchange.send({ ...question, url, headers: { ...question.headers, ...own } });
      if (!REDIRECTS.includes(answer.status)) return answer;
      if (question.method === 'PUT' || question.method === 'POST') throw refusal(answer, 'an upload');
      url = this.resolve(answer.headers.location, url);
    }
    throw new ArtifactError('RegistryUnavailable', `${this.base.host}: sends us from place to place without an end`);
  }
}
