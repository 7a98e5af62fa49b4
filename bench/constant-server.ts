// SPDX-License-Identifier: Apache-2.0
// The floor of the webhook: the same server on the same connections, which reads each body and always says the same.
// Arguments: a port, a folder with tls.crt and tls.key, the length of the answer.
import { readCertificate } from '../src/io/http/certificate-files.ts';
import { serve } from '../src/io/http/server.ts';

const [port = '0', folder = '.', length = '0'] = process.argv.slice(2);
const certificate = await readCertificate(folder);
if (certificate === undefined) throw new Error(`no certificate in ${folder}`);
const body = 'x'.repeat(Number(length));
await serve({
  port: Number(port),
  certificate,
  limits: { connections: 1024, body: 8 << 20, requestMs: 10_000, keepAliveMs: 90_000 },
  routes: { '/': () => ({ status: 200, body, contentType: 'application/json' }) },
  onError: (error) => console.error(error),
});
console.log('serving');
