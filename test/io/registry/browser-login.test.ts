// SPDX-License-Identifier: Apache-2.0
// The login by a browser, played by a browser of few words: what the issuer is asked, and which returns count.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { loginByBrowser } from '../../../src/io/registry/browser-login.ts';
import { openServices } from '../../../src/io/registry/service.ts';
import type { Services } from '../../../src/io/registry/service.ts';
import { tokenOf } from '../../fakes/sigstore.ts';

const LIMITS = { idleMs: 10_000, totalMs: 10_000 };

describe('io/registry/browser-login', () => {
  let issuer: Server;
  let url: URL;
  let services: Services;
  /** The address that the user was shown, and the form that the issuer got. */
  let shown: URL;
  let form: URLSearchParams;
  let configuration: object;
  let claims: (nonce: string) => object;

  beforeEach(async () => {
    issuer = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        if (incoming.method === 'GET') {
          response.end(JSON.stringify(configuration));
          return;
        }
        form = new URLSearchParams(Buffer.concat(chunks).toString());
        response.end(JSON.stringify({ id_token: tokenOf(claims(shown.searchParams.get('nonce') ?? '')) }));
      });
    });
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    url = new URL(`http://127.0.0.1:${String((issuer.address() as AddressInfo).port)}/auth`);
    configuration = { authorization_endpoint: `${url.href}/auth?x=1`, token_endpoint: `${url.href}/token` };
    claims = (nonce) => ({ nonce });
    services = openServices({ limits: LIMITS });
  });
  afterEach(async () => {
    services.close();
    issuer.closeAllConnections();
    await new Promise((resolve) => issuer.close(resolve));
  });

  /** The browser comes back with these, after the address was shown. */
  function login(...returns: readonly ((state: string) => Readonly<Record<string, string>>)[]): Promise<string> {
    const browse = async (): Promise<void> => {
      for (const fields of returns) {
        const back = new URL((shown.searchParams.get('redirect_uri') ?? '').replace('localhost', '127.0.0.1'));
        back.search = new URLSearchParams(fields(shown.searchParams.get('state') ?? '')).toString();
        await (await fetch(back)).text();
      }
    };
    const show = (address: string): void => {
      shown = new URL(address);
      void browse();
    };
    return loginByBrowser({ issuer: url, clientId: 'spoc', show, limitMs: 10_000 }, services);
  }

  async function refused(work: Promise<unknown>, sentence: RegExp): Promise<void> {
    const error = await work.catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Error).with.property('message').that.matches(sentence);
  }

  const good = (state: string) => ({ state, code: 'the code' });

  it('gets a token for the code that comes back', async () => {
    expect(await login(good)).to.equal(tokenOf({ nonce: shown.searchParams.get('nonce') }));
    const asked = Object.fromEntries(shown.searchParams);
    expect(asked).to.include({ x: '1', response_type: 'code', client_id: 'spoc', scope: 'openid email' });
    expect(Object.fromEntries(form)).to.include({
      grant_type: 'authorization_code',
      code: 'the code',
      client_id: 'spoc',
    });
    expect(form.get('redirect_uri')).to.equal(asked['redirect_uri']);
    const verifier = form.get('code_verifier') ?? '';
    expect(createHash('sha256').update(verifier).digest('base64url')).to.equal(asked['code_challenge']);
  });

  it('listens to nobody who does not know the state', async () => {
    const stranger = () => ({ state: 'another', code: 'of a stranger' });
    await login(stranger, good);
    expect(form.get('code')).to.equal('the code');
  });

  it('says why there is no login', async () => {
    await refused(
      login((state) => ({ state, error: 'access_denied' })),
      /refuses the login: access_denied/,
    );
    await refused(
      login((state) => ({ state })),
      /no code came back/,
    );
    const show = (): void => undefined;
    const nobody = loginByBrowser({ issuer: url, clientId: 'spoc', show, limitMs: 1 }, services);
    await refused(nobody, /nobody has logged in for 0.001 s/);
  });

  it('takes no token of another time, and no issuer without a place to log in', async () => {
    claims = () => ({ nonce: 'another' });
    await refused(login(good), /was not asked for now/);
    configuration = {};
    await refused(login(good), /says nothing of where to log in/);
  });
});
