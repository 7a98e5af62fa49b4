// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { parseAnswer, shellCommand } from '../../../tools/lab/guest/answer.ts';
import { qemuArguments } from '../../../tools/lab/guest/qemu.ts';
import { guestAddresses } from '../../../tools/lab/network.ts';

describe('guests of the lab', () => {
  it('get words as they are', () => {
    expect(shellCommand(['printf', "it's", '$HOME "x"', ''])).to.equal(`'printf' 'it'\\''s' '$HOME "x"' ''`);
  });

  it('answer with status and both outputs', () => {
    const bytes = Buffer.from('3 7\none\nsé\nproblem\n');
    expect(parseAnswer(bytes)).to.deep.equal({ status: 3, stdout: 'one\nsé', stderr: '\nproblem\n' });
    expect(() => parseAnswer(Buffer.from('nothing of the kind\n'))).to.throw('no answer: nothing of the kind');
    expect(() => parseAnswer(Buffer.from(''))).to.throw('no answer');
  });

  it('have addresses of their own', () => {
    expect(guestAddresses(2)).to.deep.equal({
      device: 'guest2',
      gateway: '10.99.2.1',
      address: '10.99.2.2',
      podRange: '10.244.2.0/24',
    });
  });

  it('start with their module, the machine read-only, and no more than they need', () => {
    const system = { kernel: '/k', initrd: '/i', root: '/r' };
    const machine = { system, exchange: '/x', console: '/c', memoryMiB: 512 };
    const bare = qemuArguments({ ...machine, module: 'apparmor' }).join(' ');
    expect(bare).to.include('apparmor=1').and.include('local,path=/,mount_tag=machine,security_model=none,readonly=on');
    expect(bare)
      .to.include('path=/x,mount_tag=exchange,security_model=none,multidevs')
      .and.not.match(/-netdev|-drive/);
    const node = qemuArguments({ ...machine, module: 'selinux', disk: '/d', device: 'guest2' }).join(' ');
    expect(node).to.include('selinux=1').and.include('file=/d,').and.include('ifname=guest2,');
  });
});
