// SPDX-License-Identifier: Apache-2.0
// Paths of control groups, as kubelets and runtimes make them.
import { expect } from 'chai';
import fc from 'fast-check';
import { placeOfCgroup } from '../../../src/core/recording/cgroup-path.ts';

const ID = '0123456789abcdef'.repeat(4);
const UID = '2f0f4d0a-6a3b-4c0d-9e8f-112233445566';
const SYSTEMD_UID = UID.replaceAll('-', '_');
const PLACE = { podUid: UID, containerId: ID };

const CONTAINERS: Readonly<Record<string, string>> = {
  'cgroupfs, burstable': `/kubepods/burstable/pod${UID}/${ID}`,
  'cgroupfs, guaranteed': `/kubepods/pod${UID}/${ID}`,
  'cgroupfs, CRI-O': `/kubepods/besteffort/pod${UID}/crio-${ID}`,
  'cgroupfs, below a parent of the kubelet': `/system/nodes/kubepods/pod${UID}/${ID}`,
  'systemd, containerd': `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${SYSTEMD_UID}.slice/cri-containerd-${ID}.scope`,
  'systemd, CRI-O': `/kubepods.slice/kubepods-pod${SYSTEMD_UID}.slice/crio-${ID}.scope`,
  'systemd, Docker': `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${SYSTEMD_UID}.slice/docker-${ID}.scope`,
  'systemd for the kubelet alone': `/system.slice/containerd.service/kubepods-burstable-pod${SYSTEMD_UID}.slice:cri-containerd:${ID}`,
  'a node that is a container': `/docker/${'ab'.repeat(32)}/kubelet/kubepods/burstable/pod${UID}/${ID}`,
  'a deep one whose first names are left out': `kubepods-pod${SYSTEMD_UID}.slice/crio-${ID}.scope`,
};

const OTHERS: Readonly<Record<string, string>> = {
  'the root': '/',
  'a pod': `/kubepods/burstable/pod${UID}`,
  'a slice of a pod': `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${SYSTEMD_UID}.slice`,
  "CRI-O's monitor": `/kubepods.slice/kubepods-pod${SYSTEMD_UID}.slice/crio-conmon-${ID}.scope`,
  'a container of Docker': `/system.slice/docker-${ID}.scope`,
  'a group inside of a container': `/kubepods/burstable/pod${UID}/${ID}/init`,
  'a container inside of a container': `/kubepods/burstable/pod${UID}/${ID}/docker/${'ab'.repeat(32)}`,
  'an id that is too long': `/kubepods/burstable/pod${UID}/${ID}0`,
  'a uid that is none': `/kubepods/burstable/pod1234/${ID}`,
  'a name that ends as a pod does': `/kubepods/burstable/mypod${UID}/${ID}`,
};

describe('core/recording/cgroup-path', () => {
  for (const [name, path] of Object.entries(CONTAINERS))
    it(`finds pod and container: ${name}`, () => {
      expect(placeOfCgroup(path)).to.deep.equal(PLACE);
    });

  it('takes the hash of a static pod for its uid', () => {
    const hash = '0f'.repeat(16);
    expect(placeOfCgroup(`/kubepods/pod${hash}/${ID}`)).to.deep.equal({ podUid: hash, containerId: ID });
  });

  for (const [name, path] of Object.entries(OTHERS))
    it(`is not misled by ${name}`, () => {
      expect(placeOfCgroup(path)).to.equal(undefined);
    });

  it('takes any text, and answers with nothing but digits', () => {
    const word = fc.constantFrom('/', 'pod', UID, ID, '.slice', '.scope', ':', '-', 'crio', '\n', 'x');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const place = placeOfCgroup(words.join(''));
        if (place === undefined) return;
        expect(place).to.deep.equal(PLACE);
      }),
    );
  });
});
