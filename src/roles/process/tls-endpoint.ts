// SPDX-License-Identifier: Apache-2.0
// An endpoint of a process over TLS: metrics, or webhooks. It must never end the process: an invalid certificate is
// logged and the previous one kept, and a port in use is tried again.
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { KeyPair } from '../../core/certificates.ts';
import { HttpServer } from '../../io/http/server.ts';
import type { ServerOptions } from '../../io/http/server.ts';
import type { Clock } from '../../runtime/clock.ts';

/** The parts of an endpoint. */
export interface EndpointParts extends Pick<ServerOptions, 'port' | 'host' | 'routes' | 'limits' | 'minVersion'> {
  /** The word for it in the log: `metrics`. */
  readonly what: string;
  /** Called when it begins to serve. */
  readonly onServing?: () => void;
  readonly log: Log;
  readonly clock: Pick<Clock, 'after'>;
}

/** After so many milliseconds a port that was taken is tried again. */
const AGAIN_MS = 5000;

/** Serves as soon as there is a certificate. */
export class TlsEndpoint {
  private readonly parts: EndpointParts;
  private server: HttpServer | undefined;
  private turn: Promise<void> = Promise.resolve();
  private cancelRetry: () => void = () => undefined;
  private readonly closing = new AbortController();

  constructor(parts: EndpointParts) {
    this.parts = parts;
  }

  /** Serves with this certificate from now on, in the order of the calls; never rejects. */
  use(certificate: KeyPair): Promise<void> {
    this.cancelRetry();
    this.turn = this.turn.then(() => (this.server === undefined ? this.begin(certificate) : this.change(certificate)));
    return this.turn;
  }

  /** Whether it listens. */
  get isServing(): boolean {
    return this.server !== undefined && !this.closing.signal.aborted;
  }

  /** From now on each answer is the last one of its connection, so that clients look for another server. */
  drain(): void {
    this.server?.drain();
  }

  /** Ends all connections; certificates that come later change nothing. */
  async close(): Promise<void> {
    this.closing.abort();
    this.cancelRetry();
    await this.turn;
    await this.server?.close();
  }

  private async change(certificate: KeyPair): Promise<void> {
    const { log, what } = this.parts;
    try {
      this.server?.setCertificate(certificate);
      log.info(`the certificate of the ${what} endpoint was changed`);
    } catch (error) {
      log.error(`the new certificate of the ${what} endpoint is not good, the one before is kept`, { error });
    }
  }

  private async begin(certificate: KeyPair): Promise<void> {
    const server = this.closing.signal.aborted ? undefined : this.serverWith(certificate);
    if (server === undefined) return;
    const { log, what } = this.parts;
    try {
      await server.listen();
      this.server = server;
      log.info(`serving ${what}`, { port: server.port });
      this.parts.onServing?.();
    } catch (error) {
      log.error(`${what} cannot be served, will be tried again`, { error, requeueAfterMs: AGAIN_MS });
      if (this.closing.signal.aborted) return;
      this.cancelRetry = this.parts.clock.after(AGAIN_MS, () => void this.use(certificate));
    }
  }

  /** A server that does not listen yet; undefined where the certificate is not good. */
  private serverWith(certificate: KeyPair): HttpServer | undefined {
    const { log, what } = this.parts;
    try {
      return new HttpServer({
        ...this.parts,
        certificate,
        onError: (error) => log.warn(`a client of ${what} could not be served`, { why: errorText(error) }),
      });
    } catch (error) {
      log.error(`the certificate of the ${what} endpoint is not good, it serves when another comes`, { error });
      return undefined;
    }
  }
}
