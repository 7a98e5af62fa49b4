// SPDX-License-Identifier: Apache-2.0
// Where the API server is and who we are to it, from @kubernetes/client-node's KubeConfig: service account tokens that
// rotate, exec plugins, client certificates, proxies. Files that it would read for each request are read seldom here.
import http from 'node:http';
import https from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { Cluster } from '@kubernetes/client-node';
import { codeOf, fileError } from '../file-error.ts';
import type { Connection, Credentials } from './transport.ts';

/** Credentials are asked for again after this; a rotated token is valid for minutes beside the new one. */
const RENEW_MS = 30_000;
/** TCP probes on idle connections, so that NAT tables do not forget them. */
const KEEP_ALIVE_MS = 30_000;
/**
 * Connections of a burst are closed after so long without use; each costs 50 KiB. Watches are not touched.
 */
const IDLE_MS = 60_000;

/**
 * The API server's address that was configured, as kubectl finds it: $KUBECONFIG, ~/.kube/config, the pod's account.
 */
export function loadKubeConfig(file?: string): KubeConfig {
  const config = new KubeConfig();
  if (file === undefined) config.loadFromDefault();
  else loadFromFile(config, file);
  return plainHttpAllowed(config);
}

function loadFromFile(config: KubeConfig, file: string): void {
  try {
    config.loadFromFile(file);
  } catch (cause) {
    throw codeOf(cause) === '' ? cause : fileError('read', file, cause);
  }
}

/** client-node refuses plain HTTP unless TLS is not verified, though there is no TLS then; `kubectl proxy` is such. */
function plainHttpAllowed(config: KubeConfig): KubeConfig {
  const clusters = config.getClusters().map((cluster): Cluster => {
    return cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster;
  });
  const copy = new KubeConfig();
  copy.loadFromOptions({
    clusters,
    contexts: config.getContexts(),
    users: config.getUsers(),
    currentContext: config.getCurrentContext(),
  });
  return copy;
}

/** The TLS side of credentials; a change of any needs new connections. */
type Tls = Pick<https.AgentOptions, 'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'servername' | 'rejectUnauthorized'>;

function tlsOf(options: https.RequestOptions): Tls {
  const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = options;
  const tls = { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized };
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
}

function headersOf(options: https.RequestOptions): Record<string, string> {
  const given = Object.entries(options.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  const basic = typeof options.auth === 'string' ? `Basic ${Buffer.from(options.auth).toString('base64')}` : undefined;
  return { ...Object.fromEntries(given), ...(basic === undefined ? {} : { authorization: basic }) };
}

/**
 * Connections to one server with one identity, so that all are alike. Node.js would join all TLS options, certificates
 * among them, to a name for each request and again for each connection that becomes free.
 */
class ApiServerAgent extends https.Agent {
  override getName(): string {
    return 'api-server';
  }
}

/** The connection that a KubeConfig describes. */
export class KubeConnection implements Connection {
  readonly server: URL;
  private config: KubeConfig;
  private readonly isProxied: boolean;
  private current: Credentials | undefined;
  private asking: Promise<Credentials> | undefined;
  private askedAt = 0;
  private tls = '';

  /** Throws where the config names no cluster. */
  constructor(config: KubeConfig) {
    const cluster = config.getCurrentCluster();
    if (cluster === null) throw new Error('the kubeconfig has no current cluster');
    this.config = config;
    this.server = new URL(cluster.server);
    this.isProxied = cluster.proxyUrl !== undefined;
  }

  /** The namespace of the current context, or of the pod. */
  get namespace(): string | undefined {
    return this.config.getContextObject(this.config.getCurrentContext())?.namespace;
  }

  async credentials(renewed: boolean): Promise<Credentials> {
    const fresh = performance.now() - this.askedAt < RENEW_MS;
    if (this.current !== undefined && fresh && !renewed) return this.current;
    // A new config remembers neither the token file's content nor what an exec plugin said.
    if (renewed) this.config = plainHttpAllowed(this.config);
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  /** Closes the idle connections, and those in use. */
  close(): void {
    this.current?.agent.destroy();
    this.current = undefined;
  }

  private async ask(): Promise<Credentials> {
    const options: https.RequestOptions = {};
    await this.config.applyToHTTPSOptions(options);
    const tls = tlsOf(options);
    const text = JSON.stringify(tls);
    const agent = this.current !== undefined && text === this.tls ? this.current.agent : this.makeAgent(options, tls);
    this.tls = text;
    this.askedAt = performance.now();
    this.current = { headers: headersOf(options), agent };
    return this.current;
  }

  /** Old connections are left to end by themselves: their requests and watches are still good. */
  private makeAgent(options: https.RequestOptions, tls: Tls): http.Agent {
    if (this.isProxied && options.agent instanceof http.Agent) return options.agent;
    const keep = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MS, timeout: IDLE_MS, scheduling: 'lifo' as const };
    return this.server.protocol === 'http:' ? new http.Agent(keep) : new ApiServerAgent({ ...keep, ...tls });
  }
}
