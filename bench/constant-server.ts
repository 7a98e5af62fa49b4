// SPDX-License-Identifier: Apache-2.0
// The floor of the webhook: the same server on the same connections, which reads each body. At `/` it always says the
// same; at `/review` it answers every review alike, with a patch as long as ours.
// Arguments: a port, a folder with tls.crt and tls.key, the length of the answer at `/`.
import { parseReview, printReview } from '../src/admission/review.ts';
import { ANNOTATION } from '../src/core/names.ts';
import { readCertificate } from '../src/io/http/certificate-files.ts';
import { serve } from '../src/io/http/server.ts';

const CONTENT_TYPE = 'application/json';
const SECCOMP_PROFILE = { type: 'Localhost', localhostProfile: 'operator/bench-constant/web.json' };
const PATCH = [
  { op: 'add', path: '/spec/containers/0/securityContext/seccompProfile', value: SECCOMP_PROFILE },
  { op: 'add', path: '/metadata/annotations', value: { [ANNOTATION.profileBindings]: 'web=web' } },
] as const;

const [port = '0', folder = '.', length = '0'] = process.argv.slice(2);
const certificate = await readCertificate(folder);
if (certificate === undefined) throw new Error(`no certificate in ${folder}`);
const body = 'x'.repeat(Number(length));
await serve({
  port: Number(port),
  certificate,
  limits: { connections: 1024, body: 8 << 20, requestMs: 10_000, keepAliveMs: 90_000 },
  routes: {
    '/': () => ({ status: 200, body, contentType: CONTENT_TYPE }),
    '/review': (request) => {
      const { uid } = parseReview(JSON.parse(request.body));
      const answer = { allowed: true, outcome: 'bound', patch: PATCH, warnings: [] } as const;
      return { status: 200, body: printReview(uid, answer), contentType: CONTENT_TYPE };
    },
  },
  onError: (error) => console.error(error),
});
console.log('serving');
