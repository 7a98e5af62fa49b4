// SPDX-License-Identifier: Apache-2.0
// The parts of @kubernetes/client-node's KubeConfig and of the framework that the bundles leave out: ways to log in
// that no pod has, and HTTP clients that nothing calls. Each says so if it is called after all. Service account tokens,
// client certificates, exec plugins and HTTP proxies are all there.

/** A function, not an arrow: some of these are called with `new`. */
function absent(what: string): () => never {
  return function missing() {
    throw new Error(`${what} is not part of this program`);
  };
}

/** openid-client: the auth provider `oidc`, which kubectl recommends an exec plugin for. */
export const discovery = absent('the auth provider oidc');
/** openid-client. */
export const refreshTokenGrant = absent('the auth provider oidc');
/** jsonpath-plus: the auth providers `gcp` and `azure`, which Kubernetes 1.26 removed. */
export const JSONPath = absent('the auth providers gcp and azure');

/** socks-proxy-agent. */
export const SocksProxyAgent = absent('a SOCKS proxy');
/** node-fetch: only KubeConfig's options for fetch name it. Node's own class would load its whole fetch, 3 MiB. */
export const Headers = absent('fetch');
/** The generated client: only `makeApiClient` names it. */
export const createConfiguration = absent('the generated API client');
/** The generated client. */
export const ServerConfiguration = absent('the generated API client');

/** gaxios: the framework's HTTP client, whose callers the runtime overrides. */
export const instance = { request: absent('the HTTP client of the framework') }; // eslint-disable-line no-restricted-syntax -- gaxios' name
