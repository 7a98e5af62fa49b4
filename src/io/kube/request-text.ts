// SPDX-License-Identifier: Apache-2.0
// Prints requests to an API server as HTTP/1.1 has them. Nothing that is printed can end a line before its time: a path
// or a token with a line break would be a second request.
import { printJson } from '../../core/json.ts';

const JSON_TYPE = 'application/json';

/** Asks for the metadata of an object alone; whoever cannot answer so (Kubernetes before 1.15) sends all of it. */
const METADATA_TYPE = `${JSON_TYPE};as=PartialObjectMetadata;g=meta.k8s.io;v=v1, ${JSON_TYPE}`;

/** Methods whose requests say that they have no body where they have none. */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** Characters of a path or method; of the value of a header. */
const IN_TARGET = /^[\x21-\x7e]+$/;
const IN_VALUE = /^[\t\x20-\x7e]*$/;

/** The parts of a request that are sent. */
export interface RequestContent {
  readonly method: string;
  /** Absolute path at the server, without query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  /** Of the object that the answer is, its metadata are enough. */
  readonly metadataOnly?: boolean;
}

type Headers = Readonly<Record<string, string>>;

function headerLine(name: string, value: string): string {
  if (!IN_TARGET.test(name) || !IN_VALUE.test(value))
    throw new TypeError(`the header ${name} has an invalid character`);
  return `${name}: ${value}\r\n`;
}

/** Prints the requests to one server. */
export class RequestPrinter {
  private readonly prefix: string;
  private readonly host: string;
  private readonly userAgent: string;
  /** The lines of the headers that were printed last: most requests have the same ones. */
  private last: { readonly headers: Headers; readonly lines: string } | undefined;

  constructor(server: URL, userAgent: string) {
    this.prefix = server.pathname.replace(/\/$/, '');
    this.host = server.host;
    this.userAgent = userAgent;
  }

  /**
   * A whole request, to be sent as UTF-8.
   * @throws TypeError where path, content type or a header have characters that they must not have
   */
  print(request: RequestContent, headers: Headers): string {
    const query = request.query === undefined ? '' : `?${new URLSearchParams(request.query).toString()}`;
    const target = this.prefix + request.path + query;
    if (!IN_TARGET.test(target)) throw new TypeError(`the path ${JSON.stringify(target)} has an invalid character`);
    const accept = request.metadataOnly === true ? METADATA_TYPE : JSON_TYPE;
    const head = `${request.method} ${target} HTTP/1.1\r\n${this.linesOf(headers)}accept: ${accept}\r\n`;
    if (request.body === undefined) return `${head}${WITH_BODY.has(request.method) ? 'content-length: 0\r\n' : ''}\r\n`;
    const body = printJson(request.body);
    const type = headerLine('content-type', request.contentType ?? JSON_TYPE);
    return `${head}${type}content-length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`;
  }

  private linesOf(headers: Headers): string {
    if (this.last?.headers === headers) return this.last.lines;
    const own = Object.entries({ host: this.host, 'user-agent': this.userAgent, ...headers });
    const lines = own.map(([name, value]) => headerLine(name, value)).join('');
    this.last = { headers, lines };
    return lines;
  }
}
