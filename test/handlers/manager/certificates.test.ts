// SPDX-License-Identifier: Apache-2.0
// Our certificates over the years: kept, renewed, and exchanged so that no client ever meets one that it does not
// trust.
import { expect } from 'chai';
import { certificatesOf } from '../../../src/core/certificates.ts';
import type { TlsContent } from '../../../src/core/deploy/secrets.ts';
import { Authority } from '../../../src/handlers/manager/spod/authority.ts';
import { ServerCertificate } from '../../../src/handlers/manager/spod/server-certificate.ts';
import { CLEAR_MAKER, clearCertificate, wordsOf } from '../../fakes/certificates.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

/** An authority and a server of it, with the secrets that keep them. */
class Installed {
  authority: TlsContent | undefined;
  server: TlsContent | undefined;
  lookAgainMs = 0;
  now = 1_700_000_000_000;
  readonly told: string[] = [];
  private makers = this.newMakers();

  private newMakers() {
    const onServer = ({ certificate }: { readonly certificate: string }): void => void this.told.push(certificate);
    return {
      authority: new Authority(CLEAR_MAKER),
      server: new ServerCertificate(CLEAR_MAKER, ['a.svc', 'b.svc'], onServer),
    };
  }

  /** Another manager takes over, which knows only what the cluster says. */
  begin(): void {
    this.makers = this.newMakers();
  }

  async reconcile(): Promise<void> {
    const signing = await this.makers.authority.desired(this.authority, this.now);
    this.authority = { ...signing.pair, authority: signing.bundle };
    const server = await this.makers.server.desired(signing, this.server, this.now);
    this.server = server.content;
    this.lookAgainMs = server.lookAgainMs;
  }

  /** Whether a client that trusts this bundle takes what the server shows. */
  trusts(bundle: string): boolean {
    return certificatesOf(bundle).some((authority) => {
      const valid = CLEAR_MAKER.validityOf(this.server!, ['a.svc'], authority);
      return valid !== undefined && valid.from <= this.now && this.now < valid.until;
    });
  }
}

describe('handlers/manager/spod/authority and server-certificate', () => {
  let installed: Installed;
  beforeEach(async () => {
    installed = new Installed();
    await installed.reconcile();
  });

  it('keep what is good, also while the cluster has not shown it yet', async () => {
    const { authority, server } = installed;
    installed.now += DAY;
    installed.authority = installed.server = undefined;
    await installed.reconcile();
    expect([installed.authority, installed.server]).to.deep.equal([authority, server]);
    installed.begin();
    await installed.reconcile();
    expect([installed.authority, installed.server]).to.deep.equal([authority, server]);
    expect(installed.told).to.have.length(2);
    expect(installed.lookAgainMs).to.equal(DAY);
  });

  it('renew the server after two thirds of its year', async () => {
    installed.now += 240 * DAY;
    await installed.reconcile();
    expect(installed.told).to.have.length(1);
    installed.now += 10 * DAY;
    await installed.reconcile();
    expect(installed.told).to.have.length(2);
  });

  it('publish a new authority before it signs, and the old one for a day after', async () => {
    installed.now += 470 * DAY;
    await installed.reconcile();
    installed.now += 20 * DAY;
    const before = installed.authority!.authority;
    await installed.reconcile();
    const bundle = installed.authority!.authority;
    expect(certificatesOf(bundle)).to.have.length(2);
    expect(installed.trusts(before), 'a client that has not heard of the new one').to.equal(true);
    expect(installed.lookAgainMs).to.be.within(MINUTE, 5 * MINUTE);
    installed.now += installed.lookAgainMs;
    installed.begin();
    await installed.reconcile();
    expect(installed.trusts(before), 'the new one signs').to.equal(false);
    expect(installed.trusts(bundle)).to.equal(true);
    expect(installed.lookAgainMs).to.be.within(DAY - 10 * MINUTE, DAY);
    installed.now += installed.lookAgainMs;
    await installed.reconcile();
    expect(certificatesOf(installed.authority!.authority)).to.have.length(1);
    expect(installed.trusts(installed.authority!.authority)).to.equal(true);
  });

  it('are trusted at every moment by who knows the bundle of two minutes ago, whatever the days between', async () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    let known = installed.authority!.authority;
    for (let step = 0; step < 3000; step++) {
      installed.now += random() < 0.5 ? installed.lookAgainMs : random() * 30 * DAY;
      if (random() < 0.1) installed.begin();
      await installed.reconcile();
      expect(installed.trusts(installed.authority!.authority), String(step)).to.equal(true);
      expect(certificatesOf(installed.authority!.authority).length).to.be.at.most(2);
      // A client that slept longer than a certificate lives is no concern of ours.
      if (installed.now < Number(wordsOf(certificatesOf(known)[0]!)[2])) {
        const isNew = wordsOf(installed.server!.certificate)[3] === idOf(installed.authority!.certificate);
        expect(isNew || installed.trusts(known), String(step)).to.equal(true);
      }
      known = installed.authority!.authority;
    }
  });

  it('replace what somebody has spoilt, and keep what cannot be read out of the bundle', async () => {
    installed.server = { ...installed.server!, certificate: 'spoilt' };
    await installed.reconcile();
    expect(wordsOf(installed.server.certificate)[0]).to.equal('a.svc,b.svc');
    installed.authority = { ...installed.authority!, authority: `rubbish${clearCertificate('x', 0, 9e15, 'nobody')}` };
    await installed.reconcile();
    expect(installed.authority.authority).to.equal(installed.authority.certificate);
    const old = installed.authority.certificate;
    installed.authority = { ...installed.authority, certificate: 'spoilt' };
    await installed.reconcile();
    expect(installed.authority.certificate).to.match(/^-----BEGIN/);
    expect(certificatesOf(installed.authority.authority)).to.include(old);
  });

  function idOf(certificate: string): string {
    const [name = '', from = ''] = wordsOf(certificate);
    return `${name}@${from}`;
  }
});
